import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { useEffect, useState } from "react"
import { passingMs } from "../../settled.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Colleagues } from "./Colleagues.tsx"
import styles from "./Composer.module.css"
import { Note } from "./Note.tsx"
import { Reply } from "./Reply.tsx"

const said = words.composer

export type Mode = "reply" | "note"

/** Where a reply or a note is written; where no reply can be, why, and the note alone. */
export default function Composer({ row, channel }: { row: ConversationRow; channel: ChannelView | null }) {
  const { drafts, session } = useWorkspace()
  const [chosen, setMode] = useState<Mode>("reply")
  const closed = whyClosed(row, channel, session.teammate.role)
  const mode = closed === null ? chosen : "note"
  useEffect(() => {
    if (closed !== null) return
    // Away from the server, what is on this device is all there is; it is asked again when the stream is back.
    const timer = setTimeout(() => void drafts.load(row.id).catch(() => {}), passingMs)
    return () => clearTimeout(timer)
  }, [drafts, row.id, closed])
  return (
    <div className={styles.composer} data-composer data-region="reply">
      {closed !== null && <p className={styles.closed}>{closed}</p>}
      {closed === null && <Colleagues conversationId={row.id} />}
      {mode === "reply" ? (
        <Reply row={row} channel={channel} onMode={setMode} />
      ) : (
        <Note row={row} onMode={closed === null ? setMode : null} />
      )}
    </div>
  )
}

function whyClosed(row: ConversationRow, channel: ChannelView | null, role: string): string | null {
  if (role === "observer") return said.observer
  if (row.type !== "conversation") return said.discussion
  if (channel?.reply_mode === "unsupported") return said.unsupported(channel.name)
  return null
}
