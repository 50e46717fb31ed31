import type { MessageView } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { type ReactNode, useState } from "react"
import { editAgain, reconnect, retry } from "../../../actions.ts"
import { runCommand } from "../../../keys/useCommand.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { failureWords, type Remedy } from "../../../reasons.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import styles from "./Message.module.css"
import { CopyText, Reason } from "./SendState.tsx"

const said = words.sending

/** Failed or unknown: what happened, what it means, and what can be done. It stays that until the server says otherwise: Retry only asks for another delivery. */
export function Trouble({ message }: { message: MessageView }) {
  const isUnknown = message.state === "unknown"
  const { heading, explanation, remedies } = failureWords(message.error?.code ?? (isUnknown ? "no_answer" : ""))
  const { session } = useWorkspace()
  const { role } = session.teammate
  return (
    <div className={styles.card} data-kind={message.state}>
      <p className={styles.heading}>
        <Icon name={isUnknown ? "question" : "failed"} /> <strong>{isUnknown ? said.unknown : said.failed}</strong> ·{" "}
        {heading}
      </p>
      <p>{explanation}</p>
      {remedies[0] === "reconnect" && role !== "admin" && <p>{words.trouble.askAdmin}</p>}
      <Reason message={message} />
      {role !== "observer" && (
        <p className={styles.actions}>
          {remedies.map((remedy) => (
            <RemedyButton key={remedy} remedy={remedy} message={message} />
          ))}
          <CopyText text={message.text} />
          <Link to="/inbox/$view" params={{ view: "failed" }} className={styles.all}>
            {words.trouble.all}
          </Link>
        </p>
      )}
    </div>
  )
}

/** Drawn only where it is the person's to press. */
function RemedyButton({ remedy, message }: { remedy: Remedy; message: MessageView }): ReactNode {
  const workspace = useWorkspace()
  const { role, is_developer } = workspace.session.teammate
  switch (remedy) {
    case "retry":
      return <Retry message={message} />
    case "edit":
      return <Button onClick={() => editAgain(workspace, message.conversation_id, message.text)}>{said.edit}</Button>
    case "contact":
      return <Button onClick={() => runCommand("contact")}>{words.trouble.contact}</Button>
    case "reconnect":
      if (role !== "admin" || message.channel_id === undefined) return null
      return (
        <Button onClick={() => void reconnect(workspace, message.channel_id ?? "")}>{words.trouble.reconnect}</Button>
      )
    case "delivery":
      if (role !== "admin" && !is_developer) return null
      return <Button onClick={() => openActions(message.id)}>{words.trouble.delivery}</Button>
  }
}

function openActions(messageId: string): void {
  const button = document.querySelector<HTMLElement>(`[data-message-actions="${CSS.escape(messageId)}"]`)
  button?.focus()
  button?.click()
}

function Retry({ message }: { message: MessageView }) {
  const workspace = useWorkspace()
  const [isAsking, setIsAsking] = useState(false)
  async function tryAgain(): Promise<void> {
    if (isAsking) return
    setIsAsking(true)
    await retry(workspace, message)
    setIsAsking(false)
    // The button goes when the server says that the message is queued; who pressed it stays at the message.
    document.getElementById(message.id)?.focus({ preventScroll: true })
  }
  return (
    <Button aria-keyshortcuts="y" aria-disabled={isAsking} onClick={() => void tryAgain()}>
      {isAsking ? said.retrying : said.retry}
    </Button>
  )
}
