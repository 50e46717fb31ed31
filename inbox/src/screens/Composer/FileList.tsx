import type { AttachmentView } from "@causeway/contract/inbox"
import { sizeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./Composer.module.css"
import type { Files, Uploading } from "./useFiles.ts"

const said = words.writing

/** The files of a reply: those that are there, and those on their way. */
export function FileList({ attached, files }: { attached: readonly AttachmentView[]; files: Files }) {
  const { uploading, refused } = files
  return (
    <>
      {attached.length + uploading.length > 0 && (
        <ul className={styles.files} aria-label={said.files}>
          {attached.map((file) => (
            <li key={file.id}>
              <Icon name="file" />
              <span className={styles.fileName} dir="auto">
                {file.filename}
              </span>
              <span className={styles.fileSize}>{sizeOf(file.size)}</span>
              <Remove name={file.filename} onPress={() => files.remove(file)} />
            </li>
          ))}
          {uploading.map((one) => (
            <UploadingFile key={one.key} one={one} files={files} />
          ))}
        </ul>
      )}
      {refused !== null && (
        <p role="alert" className={styles.problem}>
          {refused}
        </p>
      )}
    </>
  )
}

function UploadingFile({ one, files }: { one: Uploading; files: Files }) {
  const { key, file, state } = one
  if (state.name === "failed")
    return (
      <li data-failed>
        <Icon name="failed" />
        <span className={styles.fileName}>{said.uploadFailed(file.name)}</span>
        <Button onClick={() => files.retry(key)}>{words.retry}</Button>
        <Remove name={file.name} onPress={() => files.drop(key)} />
      </li>
    )
  const percent = Math.round(state.part * 100)
  return (
    <li>
      <progress max={100} value={percent} aria-label={said.uploading(file.name, percent)} />
      <span className={styles.fileName} dir="auto">
        {file.name}
      </span>
      <span className={styles.fileSize}>{sizeOf(file.size)}</span>
      <Remove name={file.name} onPress={() => files.drop(key)} />
    </li>
  )
}

const Remove = ({ name, onPress }: { name: string; onPress(): void }) => (
  <button type="button" className={styles.remove} aria-label={said.removeFile(name)} onClick={onPress}>
    <Icon name="close" size={14} />
  </button>
)
