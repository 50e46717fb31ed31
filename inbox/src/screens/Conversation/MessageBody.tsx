import type { MessageView } from "@causeway/contract/inbox"
import { useEffect, useRef, useState } from "react"
import { Body as SimpleBody } from "../../parts/Body.tsx"
import { words } from "../../words.ts"
import styles from "./Message.module.css"

/** A message's words: in place when they are no more than the composer could make, otherwise in a frame that runs nothing. */
export function MessageBody({ message }: { message: MessageView }) {
  if (message.body === "" && message.attachments.length === 0)
    return <p className={styles.noWords}>{words.message.noWords}</p>
  if (message.body === "") return null
  if (!message.is_simple) return <Framed message={message} />
  return (
    <div className={styles.body} dir="auto">
      <SimpleBody html={message.body} />
    </div>
  )
}

const framePxFirst = 120

/** The server's page for this body, as high as its content. Same origin, so that it can be measured; without scripts, forms or top-level navigation. */
function Framed({ message }: { message: MessageView }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(framePxFirst)
  const [root, setRoot] = useState<HTMLElement | null>(null)
  useEffect(() => {
    if (root === null) return
    const measure = (): void => setHeight(Math.ceil(root.getBoundingClientRect().height))
    const observer = new ResizeObserver(measure)
    observer.observe(root)
    measure()
    return () => observer.disconnect()
  }, [root])
  return (
    <iframe
      ref={frame}
      className={styles.frame}
      title={words.message.frame(message.from)}
      sandbox="allow-same-origin allow-popups"
      src={`/causeway/messages/${encodeURIComponent(message.id)}/body`}
      loading="lazy"
      style={{ blockSize: height }}
      onLoad={() => setRoot(frame.current?.contentDocument?.documentElement ?? null)}
    />
  )
}
