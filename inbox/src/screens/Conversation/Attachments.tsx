import type { AttachmentView } from "@causeway/contract/inbox"
import { sizeOf } from "../../format.ts"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./Message.module.css"

/** What browsers show themselves; an SVG could run script of its own when opened. */
const shownTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"])

export function Attachments({ files }: { files: readonly AttachmentView[] }) {
  if (files.length === 0) return null
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={file.id}>
          <a
            href={file.url}
            target="_blank"
            rel="noopener"
            aria-label={words.message.openAttachment(file.filename, sizeOf(file.size))}
          >
            {shownTypes.has(file.content_type) ? (
              <img src={file.url} alt="" loading="lazy" decoding="async" />
            ) : (
              <Icon name="file" size={20} />
            )}
            <span className={styles.file}>
              <span dir="auto">{file.filename}</span>
              <span>{sizeOf(file.size)}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
