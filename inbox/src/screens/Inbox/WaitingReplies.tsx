import type { ChannelView } from "@causeway/contract/inbox"
import { useState } from "react"
import { sendWaiting } from "../../actions.ts"
import { useInbox } from "../../inbox-state.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ChannelAlerts.module.css"

/** Replies that waited so long for their channel that a person decides whether they still go out; one by one in their conversations, or all here. */
export function WaitingReplies() {
  const { role } = useWorkspace().session.teammate
  const back = useInbox((state) =>
    [...state.channels.values()].filter((channel) => channel.status === "ok" && channel.waiting_count > 0),
  )
  if (role === "observer") return null
  return back.map((channel) => <Waiting key={channel.id} channel={channel} />)
}

function Waiting({ channel }: { channel: ChannelView }) {
  const workspace = useWorkspace()
  const [isAsking, setIsAsking] = useState(false)
  async function send(): Promise<void> {
    if (isAsking) return
    setIsAsking(true)
    await sendWaiting(workspace, channel)
    setIsAsking(false)
  }
  return (
    <div className={styles.card}>
      <div className={styles.back}>
        <p dir="auto">{laterWords.alerts.back(channel.name, channel.waiting_count)}</p>
        <Button aria-disabled={isAsking} onClick={() => void send()}>
          {laterWords.alerts.sendWaiting(channel.waiting_count)}
        </Button>
      </div>
    </div>
  )
}
