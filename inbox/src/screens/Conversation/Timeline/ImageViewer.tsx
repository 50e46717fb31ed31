import type { AttachmentView } from "@causeway/contract/inbox"
import { useEffect, useRef, useState } from "react"
import { sizeOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { words } from "../../../words.ts"
import styles from "./ImageViewer.module.css"

const said = words.files

interface ImageViewerProps {
  images: readonly AttachmentView[]
  firstId: string
  onClose(): void
}

/** The images of a message, one at a time and large. Arrows go from one to the next, Esc closes; the focus returns to where it came from. */
export function ImageViewer({ images, firstId, onClose }: ImageViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      images.findIndex((image) => image.id === firstId),
    ),
  )
  const [isFailed, setIsFailed] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const image = images[at]
  if (image === undefined) return null
  function move(by: 1 | -1): void {
    setAt((at + by + images.length) % images.length)
    setIsFailed(false)
  }
  function onKeyDown(key: string): void {
    if (images.length < 2 || (key !== "ArrowLeft" && key !== "ArrowRight")) return
    const isForward = (key === "ArrowRight") === (document.documentElement.dir !== "rtl")
    move(isForward ? 1 : -1)
  }
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label={said.viewer}
      onClose={onClose}
      onKeyDown={(event) => onKeyDown(event.key)}
    >
      <header>
        <p dir="auto">
          <strong>{image.filename}</strong> <span>{sizeOf(image.size)}</span>
        </p>
        {images.length > 1 && <output>{said.place(at + 1, images.length)}</output>}
        <a href={image.url} download={image.filename}>
          {said.download}
        </a>
        <Button icon="close" aria-label={said.close} title={said.close} onClick={() => dialog.current?.close()} />
      </header>
      {isFailed ? (
        <p className={styles.failed}>{said.failed}</p>
      ) : (
        <img key={image.id} src={image.url} alt={image.filename} onError={() => setIsFailed(true)} />
      )}
      {images.length > 1 && (
        <footer>
          <Button onClick={() => move(-1)}>{said.previous}</Button>
          <Button onClick={() => move(1)}>{said.next}</Button>
        </footer>
      )}
    </dialog>
  )
}
