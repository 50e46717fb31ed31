import type { AttachmentView } from "@causeway/contract/inbox"
import { lazy, Suspense, useState } from "react"
import { sizeOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { words } from "../../../words.ts"
import styles from "./Attachments.module.css"

const ImageViewer = lazy(async () => ({ default: (await import("./ImageViewer.tsx")).ImageViewer }))

const said = words.files
/** What browsers show themselves; an SVG could run script of its own when opened. */
const imageTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"])
const videoTypes: ReadonlySet<string> = new Set(["video/mp4", "video/webm", "video/ogg"])

export const isImage = (file: AttachmentView): boolean => imageTypes.has(file.content_type)

/** The files of a message: images to be looked at, sound and film to be played here, everything else to be opened. */
export function Attachments({ files }: { files: readonly AttachmentView[] }) {
  const [shownId, setShownId] = useState<string | null>(null)
  if (files.length === 0) return null
  const images = files.filter(isImage)
  return (
    <>
      <ul className={styles.files}>
        {files.map((file) => (
          <li key={file.id}>
            {isImage(file) ? (
              <Thumbnail file={file} onShow={() => setShownId(file.id)} />
            ) : file.content_type.startsWith("audio/") || videoTypes.has(file.content_type) ? (
              <Player file={file} />
            ) : (
              <FileLink file={file} />
            )}
          </li>
        ))}
      </ul>
      {shownId !== null && (
        <Suspense fallback={null}>
          <ImageViewer images={images} firstId={shownId} onClose={() => setShownId(null)} />
        </Suspense>
      )}
    </>
  )
}

function FileLink({ file }: { file: AttachmentView }) {
  return (
    <a
      href={file.url}
      target="_blank"
      rel="noopener"
      className={styles.link}
      aria-label={words.message.openAttachment(file.filename, sizeOf(file.size))}
    >
      <Icon name="file" size={20} />
      <Caption file={file} />
    </a>
  )
}

/** Its words stand in the names of what it is in, too, for those who speak what they see. */
const Caption = ({ file }: { file: AttachmentView }) => (
  <span className={styles.file}>
    <span dir="auto">{file.filename}</span> <span>{sizeOf(file.size)}</span>
  </span>
)

/** An image as a button that shows it large. */
function Thumbnail({ file, onShow }: { file: AttachmentView; onShow(): void }) {
  const { src, isFailed, onError, again } = useTries(file.url)
  if (isFailed) return <Failed file={file} onRetry={again} />
  return (
    <button
      type="button"
      className={styles.thumbnail}
      aria-label={said.show(file.filename, sizeOf(file.size))}
      onClick={onShow}
    >
      <img src={src} alt={file.filename} loading="lazy" decoding="async" onError={onError} />
      <Caption file={file} />
    </button>
  )
}

function Player({ file }: { file: AttachmentView }) {
  const { src, isFailed, onError, again } = useTries(file.url)
  if (isFailed) return <Failed file={file} onRetry={again} />
  const shared = { src, controls: true, preload: "metadata", onError, "aria-label": file.filename } as const
  return (
    <div className={styles.player}>
      {file.content_type.startsWith("audio/") ? <audio {...shared} /> : <video {...shared} />}
      <a href={file.url} target="_blank" rel="noopener">
        <Caption file={file} />
      </a>
    </div>
  )
}

function Failed({ file, onRetry }: { file: AttachmentView; onRetry(): void }) {
  return (
    <div className={styles.failed}>
      <Caption file={file} />
      <p>
        <Icon name="failed" size={13} /> {said.failed}
      </p>
      <Button onClick={onRetry}>{words.retry}</Button>
    </div>
  )
}

/** A file's address, another one for each new try: a browser remembers what failed. */
function useTries(url: string) {
  const [tries, setTries] = useState(0)
  const [isFailed, setIsFailed] = useState(false)
  return {
    src: tries === 0 ? url : `${url}#${tries}`,
    isFailed,
    onError: () => setIsFailed(true),
    again() {
      setTries(tries + 1)
      setIsFailed(false)
    },
  }
}
