import { type RefObject, useRef } from "react"
import { words } from "../../words.ts"
import type { ComposerField } from "./field.ts"
import { Tool } from "./Toolbar.tsx"

const said = words.writing

/** What both composers have in their toolbar. */
export function Tools({ onFiles }: { field: RefObject<ComposerField | null>; onFiles(files: FileList): void }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <Tool icon="clip" label={said.attach} onPress={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          if (currentTarget.files !== null) onFiles(currentTarget.files)
          // The same file may be chosen again.
          currentTarget.value = ""
        }}
      />
    </>
  )
}
