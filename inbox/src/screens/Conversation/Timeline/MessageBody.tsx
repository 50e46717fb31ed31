import type { MessageView } from "@causeway/contract/inbox"
import { useEffect, useRef, useState } from "react"
import { Body as SimpleBody } from "../../../parts/Body.tsx"
import { Button } from "../../../parts/Button.tsx"
import { useValue } from "../../../value.ts"
import { words } from "../../../words.ts"
import styles from "./Message.module.css"
import { allowedHosts, allowImagesFrom, imagesFrom } from "./remote-images.ts"

/** A message's words: in place when they are no more than the composer could make, otherwise in a frame that runs nothing. */
export function MessageBody({ message, handle }: { message: MessageView; handle: string }) {
  if (message.body === "" && message.attachments.length === 0)
    return <p className={styles.noWords}>{words.message.noWords}</p>
  if (message.body === "") return null
  if (!message.is_simple) return <Framed message={message} handle={handle} />
  return (
    <div className={styles.body} dir="auto">
      <SimpleBody html={message.body} />
    </div>
  )
}

const framePxFirst = 120

/**
 * The server's page for this body, as high as its content. Same origin, so that it can be measured; without scripts, forms or top-level navigation, and
 * without images from elsewhere until its reader asks for them.
 */
function Framed({ message, handle }: { message: MessageView; handle: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(framePxFirst)
  const [root, setRoot] = useState<HTMLElement | null>(null)
  const host = imagesFrom(message.body, handle)
  const isAllowed = useValue(allowedHosts).includes(host ?? "")
  const src = `/causeway/messages/${encodeURIComponent(message.id)}/body${isAllowed ? "?images=remote" : ""}`
  useEffect(() => {
    if (root === null) return
    const measure = (): void => setHeight(Math.ceil(root.getBoundingClientRect().height))
    const observer = new ResizeObserver(measure)
    observer.observe(root)
    measure()
    return () => observer.disconnect()
  }, [root])
  function onLoad(): void {
    const page = frame.current?.contentDocument?.documentElement ?? null
    // Its words may say something else than where a link leads.
    for (const link of page?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? []) link.title = link.host || link.href
    setRoot(page)
  }
  return (
    <>
      {host !== null && !isAllowed && (
        <div className={styles.images}>
          <Button onClick={() => allowImagesFrom(host)}>{words.timeline.showImages(host)}</Button>
          <p>{words.timeline.imagesHidden}</p>
        </div>
      )}
      <iframe
        ref={frame}
        className={styles.frame}
        title={words.message.frame(message.from)}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        src={src}
        loading="lazy"
        style={{ blockSize: height }}
        onLoad={onLoad}
      />
    </>
  )
}
