import type { CallAction, Phone } from "@causeway/contract/endpoints/simulator"
import { useEffect, useId, useRef, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { timeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import admin from "../Admin/Admin.module.css"
import { Problem } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import styles from "./Developer.module.css"

const said = developerWords.simulator

interface Props {
  channelId: string
  phone: Phone
}

/** One customer's phone: what was written both ways, and calls. */
export function PhonePanel({ channelId, phone }: Props) {
  const id = useId()
  const name = phone.name ?? phone.handle
  const list = useRef<HTMLOListElement>(null)
  const count = phone.messages.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest message is what is looked at
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [count])
  return (
    <section className={styles.phone} aria-labelledby={id}>
      <header>
        <h2 id={id} dir="auto">
          {said.phone(name)}
        </h2>
        <span dir="ltr" className={admin.side}>
          {phone.handle}
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <ol ref={list} className={styles.messages} tabIndex={0} aria-label={said.messages}>
        {count === 0 && <li className={admin.side}>{said.noMessages}</li>}
        {phone.messages.map((message) => (
          <li key={message.id} data-from={message.from} data-state={message.state}>
            <span className="said">{said.who[message.from]}: </span>
            <p dir="auto">{message.text}</p>
            {message.attachments.map((file) => (
              <span key={file}>
                <Icon name="clip" /> <bdi>{file}</bdi>
              </span>
            ))}
            <small>
              {timeOf(message.at)} · {said.states[message.state]}
              {message.note !== null && <bdi> · {message.note}</bdi>}
            </small>
          </li>
        ))}
      </ol>
      <Write channelId={channelId} phone={phone} />
      <Call channelId={channelId} phone={phone} />
    </section>
  )
}

function Write({ channelId, phone }: Props) {
  const { run, isBusy, problem } = useChange()
  const [text, setText] = useState("")
  const [attachment, setAttachment] = useState<keyof typeof said.attachments>("none")
  async function send(): Promise<void> {
    const body = {
      handle: phone.handle,
      text,
      ...(phone.name !== null && { name: phone.name }),
      ...(attachment !== "none" && { attachment }),
    }
    setText("")
    setAttachment("none")
    await run(() => developerApi.write(channelId, body), null)
  }
  return (
    <form
      className={styles.write}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isBusy && text.trim() !== "") void send()
      }}
    >
      <input
        aria-label={`${said.text}: ${phone.name ?? phone.handle}`}
        value={text}
        placeholder={said.text}
        dir="auto"
        autoComplete="off"
        maxLength={20_000}
        onChange={(event) => setText(event.target.value)}
      />
      <select
        aria-label={said.attach}
        value={attachment}
        onChange={(event) => setAttachment(event.target.value as typeof attachment)}
      >
        {Object.entries(said.attachments).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {`${said.attach}: ${label}`}
          </option>
        ))}
      </select>
      <Button type="submit" look="primary" icon="sending" disabled={isBusy || text.trim() === ""}>
        {said.send}
      </Button>
      <Problem text={problem} />
    </form>
  )
}

/** What can follow in a call that is so. */
const following: Record<string, readonly CallAction[]> = {
  ringing: ["answer", "transfer", "miss"],
  connected: ["hold", "transfer", "hang_up"],
  resumed: ["hold", "transfer", "hang_up"],
  hold: ["resume", "transfer", "hang_up"],
}

function Call({ channelId, phone }: Props) {
  const { run, isBusy, problem } = useChange()
  const [leaves, setLeaves] = useState({ recording: true, transcript: true, summary: true })
  const call = phone.calls.at(-1)
  const actions = (call === undefined ? undefined : following[call.status]) ?? (["ring"] as const)
  const play = (action: CallAction) =>
    run(
      () =>
        developerApi.playCall(channelId, {
          handle: phone.handle,
          action,
          ...(phone.name !== null && { name: phone.name }),
          ...leaves,
        }),
      null,
    )
  return (
    <div className={styles.call}>
      <span>
        <Icon name="phone" /> {said.call}:{" "}
        {call === undefined ? said.callNone : (said.callStatus[call.status] ?? call.status)}
      </span>
      <div className={admin.filters}>
        {actions.map((action) => (
          <Button key={action} disabled={isBusy} onClick={() => void play(action)}>
            {said.actions[action]}
          </Button>
        ))}
      </div>
      {actions.includes("hang_up") && (
        <fieldset className={admin.choices}>
          <legend>{said.leaves}</legend>
          {(["recording", "transcript", "summary"] as const).map((kind) => (
            <label key={kind}>
              <input
                type="checkbox"
                checked={leaves[kind]}
                onChange={(event) => setLeaves({ ...leaves, [kind]: event.target.checked })}
              />
              <span>{said.leave[kind]}</span>
            </label>
          ))}
        </fieldset>
      )}
      <Problem text={problem} />
    </div>
  )
}
