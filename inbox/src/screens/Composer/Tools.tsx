import { type RefObject, useEffect, useRef } from "react"
import { hasMod, modName } from "../../platform.ts"
import { words } from "../../words.ts"
import { EmojiTool } from "./EmojiTool.tsx"
import type { ComposerField } from "./field.ts"
import { Tool } from "./Toolbar.tsx"

const said = words.writing

interface ToolsProps {
  field: RefObject<ComposerField | null>
  onFiles(files: FileList): void
  onTemplates(): void
}

/** What both composers have in their toolbar. */
export function Tools({ field, onFiles, onTemplates }: ToolsProps) {
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const form = picker.current?.closest("form")
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!hasMod(event) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "u") return
      event.preventDefault()
      picker.current?.click()
    }
    form?.addEventListener("keydown", onKeyDown)
    return () => form?.removeEventListener("keydown", onKeyDown)
  }, [])
  return (
    <>
      <EmojiTool field={field} />
      <Tool icon="clip" label={said.attach} keys={`${modName}+U`} onPress={() => picker.current?.click()} />
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
      <Tool icon="template" label={said.templates} keys="/" onPress={onTemplates} />
    </>
  )
}
