import type { ChannelView, MessageView } from "@causeway/contract/inbox"
import { ownReasonStart } from "@causeway/contract/reasons"
import { useState } from "react"
import { cancelSend, sendNow, undoSend } from "../../../actions.ts"
import { preciseTimeOf, useNow } from "../../../format.ts"
import { useInbox } from "../../../inbox-state.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon, type IconName } from "../../../parts/Icon.tsx"
import { failureWords } from "../../../reasons.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import styles from "./Message.module.css"
import { Trouble } from "./Trouble.tsx"

const said = words.sending

interface SendStateProps {
  message: MessageView
  isLast: boolean
}

/** Where a reply stands, as the server says: an icon and a word, and what can be done about it. */
export function SendState({ message, isLast }: SendStateProps) {
  switch (message.state) {
    case null:
    case "undone":
      return null
    case "held":
      return <Held message={message} />
    case "queued":
      return <Queued message={message} />
    case "sending":
      return <Word icon="sending" word={said.sending} />
    case "sent":
      return <Word icon="sent" word={said.sent} isQuiet={!isLast} />
    case "waiting":
      return <Waiting message={message} />
    case "failed":
    case "unknown":
      return <Trouble message={message} />
  }
}

export function Word({ icon, word, isQuiet = false }: { icon: IconName; word: string; isQuiet?: boolean }) {
  return (
    <p className={styles.state} data-quiet={isQuiet || undefined}>
      <Icon name={icon} size={13} /> {word}
    </p>
  )
}

/** Nothing leaves a channel that pauses: then it is a reply that waits, and the channel knows for what. */
function Queued({ message }: { message: MessageView }) {
  const delivery = useChannel(message)?.delivery
  if (delivery === undefined || delivery.state === "ok" || delivery.waiting === 0)
    return <Word icon="queued" word={said.queued} />
  const error = { code: "unreachable", reason: delivery.reason }
  return <Waiting message={{ ...message, due_at: delivery.next_probe_at, error }} />
}

function Held({ message }: { message: MessageView }) {
  const workspace = useWorkspace()
  const now = useNow(250)
  const seconds = message.due_at === null ? 0 : Math.max(0, Math.ceil(message.due_at - now / 1000))
  return (
    <p className={styles.state}>
      <Icon name="clock" size={13} />
      <span className={styles.countdown}>{seconds > 0 ? said.held(seconds) : said.heldNow}</span>
      <span aria-hidden="true">·</span>
      <Button
        look="quiet"
        className={styles.inline}
        aria-keyshortcuts="z"
        onClick={() => void undoSend(workspace, message)}
      >
        {said.undo}
      </Button>
      <Button look="quiet" className={styles.inline} onClick={() => void sendNow(workspace, message)}>
        {said.sendNow}
      </Button>
    </p>
  )
}

function Waiting({ message }: { message: MessageView }) {
  const workspace = useWorkspace()
  const isOffline = useIsOffline(message)
  const mayAct = workspace.session.teammate.role !== "observer"
  const why = isOffline ? said.channelOffline : message.error ? failureWords(message.error.code).heading : null
  return (
    <div className={styles.card} data-kind="waiting">
      <p className={styles.heading}>
        <Icon name="clock" /> <strong>{said.waiting}</strong>
        {why && ` · ${why}`}
      </p>
      <p>{waitingFor(message, isOffline)}</p>
      <Reason message={message} />
      <p className={styles.actions}>
        {mayAct && !isOffline && <Button onClick={() => void sendNow(workspace, message)}>{said.sendNow}</Button>}
        {mayAct && <Button onClick={() => void cancelSend(workspace, message)}>{said.cancel}</Button>}
        <CopyText text={message.text} />
      </p>
    </div>
  )
}

function waitingFor(message: MessageView, isOffline: boolean): string {
  if (isOffline) return said.waitingForChannel
  return message.due_at === null ? said.waitingForPerson : said.waitingUntil(preciseTimeOf(message.due_at))
}

/** While it is, nothing that somebody presses here could send the message. */
const useIsOffline = (message: MessageView): boolean => useChannel(message)?.status === "offline"

const useChannel = (message: MessageView): ChannelView | undefined =>
  useInbox(({ channels }) => channels.get(message.channel_id ?? ""))

export function Reason({ message }: { message: MessageView }) {
  if (!message.error?.reason) return null
  const { code, reason } = message.error
  if (!failureWords(code).isFromChannel || reason.startsWith(ownReasonStart)) {
    return (
      <p className={styles.reason} dir="auto">
        {reason}
      </p>
    )
  }
  return (
    <p className={styles.reason}>
      {said.fromChannel}: <q dir="auto">{reason}</q>
    </p>
  )
}

export function CopyText({ text, label = said.copy }: { text: string; label?: string }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <>
      <Button
        look="quiet"
        onClick={async () => {
          await navigator.clipboard.writeText(text)
          setIsCopied(true)
        }}
      >
        {isCopied ? said.copied : label}
      </Button>
      <output className="said">{isCopied && said.copied}</output>
    </>
  )
}
