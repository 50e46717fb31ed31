import type { AppView } from "@causeway/contract/endpoints/apps"
import type { NewChannel } from "@causeway/contract/endpoints/channels"
import { Link } from "@tanstack/react-router"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { ApiError } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { Field } from "../../parts/Field.tsx"
import { reasonOf } from "../../refusal.ts"
import { Addresses } from "./Addresses.tsx"
import styles from "./Admin.module.css"
import { Asking } from "./Asking.tsx"
import { signInOf } from "./Channels.tsx"
import { Credentials, credentialsIn, needsPerson } from "./Credentials.tsx"
import { Loaded, Page } from "./Page.tsx"
import { sentenceOf, useResource } from "./resource.ts"
import { SignInAway } from "./SignInAway.tsx"

const said = adminWords.connect

/** What is chosen: an app, or a channel of one's own. */
type Kind = AppView | "custom"

type Step =
  | { at: "form"; problem: string | null }
  | { at: "asking" }
  | { at: "sign_in"; id: string }
  | { at: "choose"; id: string }
  | { at: "connected"; id: string }

/** Three steps: what it is, signing in, and the answer of its server. */
export function Connect() {
  const choices = useResource("connect", async () => {
    const [apps, inboxes] = await Promise.all([adminApi.apps(), adminApi.inboxes()])
    return { apps: apps.apps, inboxes: inboxes._results }
  })
  const [kind, setKind] = useState<Kind | null>(null)
  return (
    <Page title={said.title} lead={said.lead} actions={<ToList />}>
      <Loaded from={choices}>
        {({ apps, inboxes }) => (
          <>
            <Directory apps={apps} chosen={kind} onChoose={setKind} />
            {kind !== null && <ConnectForm key={kind === "custom" ? kind : kind.uid} kind={kind} inboxes={inboxes} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

export const ToList = () => (
  <Link to="/admin/$section" params={{ section: "channels" }}>
    {adminWords.channels.back}
  </Link>
)

function Directory({ apps, chosen, onChoose }: { apps: AppView[]; chosen: Kind | null; onChoose(kind: Kind): void }) {
  return (
    <fieldset className={styles.cards}>
      <legend>{said.what}</legend>
      {apps.map((app) => (
        <label key={app.uid}>
          <input
            type="radio"
            name="kind"
            checked={chosen !== "custom" && chosen?.uid === app.uid}
            onChange={() => onChoose(app)}
          />
          <span>
            <strong dir="auto">{app.name}</strong>
            <small>{signInOf(app)}</small>
          </span>
        </label>
      ))}
      <label>
        <input type="radio" name="kind" checked={chosen === "custom"} onChange={() => onChoose("custom")} />
        <span>
          <strong>{said.custom}</strong>
          <small>{said.customText}</small>
        </span>
      </label>
      {apps.length === 0 && <p className={styles.side}>{said.noApps}</p>}
    </fieldset>
  )
}

function ConnectForm({ kind, inboxes }: { kind: Kind; inboxes: { id: string; name: string }[] }) {
  const [step, setStep] = useState<Step>({ at: "form", problem: null })
  const [name, setName] = useState("")

  async function connect(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const body = newChannelOf(kind, data)
    setName(body.name ?? "")
    setStep({ at: "asking" })
    try {
      const id = await adminApi.connect(String(data.get("inbox")), body)
      const { is_valid: isOnline } = await adminApi.channel(id)
      if (isOnline) setStep({ at: "connected", id })
      else setStep({ at: kind !== "custom" && needsPerson(kind) ? "sign_in" : "choose", id })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setStep({ at: "form", problem: error.status === 400 ? reasonOf(error) : sentenceOf(error) })
    }
  }
  const settle = (id: string) => (status: "connected" | "choose_address") =>
    setStep({ at: status === "connected" ? "connected" : "choose", id })

  switch (step.at) {
    case "connected":
      return <Connected id={step.id} name={name} />
    case "sign_in":
      return <SignInAway id={step.id} host={hostOf(kind)} onDone={settle(step.id)} />
    case "choose":
      return <Addresses id={step.id} onDone={settle(step.id)} />
    default:
      return (
        <form className={styles.form} onSubmit={(event) => void connect(event)}>
          <label className={styles.select}>
            <span>{said.inbox}</span>
            <select name="inbox">
              {inboxes.map((inbox) => (
                <option key={inbox.id} value={inbox.id}>
                  {inbox.name}
                </option>
              ))}
            </select>
          </label>
          <Field name="name" label={said.name} hint={said.nameHint} autoComplete="off" maxLength={200} />
          {kind === "custom" ? <CustomFields /> : <Credentials app={kind} />}
          {step.at === "form" && step.problem !== null && <Refused reason={step.problem} />}
          {step.at === "asking" ? (
            <Asking />
          ) : (
            <Button type="submit" look="primary">
              {said.submit}
            </Button>
          )}
        </form>
      )
  }
}

const hostOf = (kind: Kind): string =>
  kind === "custom" ? "" : (URL.parse(kind.server_auth.authorize_url ?? "")?.host ?? kind.name)

function newChannelOf(kind: Kind, data: FormData): NewChannel {
  const text = (field: string): string => String(data.get(field) ?? "").trim()
  const name = text("name") || (kind === "custom" ? said.custom : kind.name)
  if (kind !== "custom") {
    const credentials = credentialsIn(kind, data)
    return { type: "custom", name, application_uid: kind.uid, ...(credentials !== null && { credentials }) }
  }
  const url = text("webhook_url")
  const contactType = text("contact_type") as "custom"
  return {
    type: "custom",
    name,
    settings: {
      contact_type: contactType,
      webhook_url: url === "" ? null : url,
      ...(url === "" && { reply_mode: "unsupported" as const }),
    },
  }
}

const contactTypes = ["custom", "email", "phone"] as const

const CustomFields = () => (
  <>
    <Field name="webhook_url" label={said.outgoing} hint={said.outgoingHint} autoComplete="off" maxLength={2000} />
    <label className={styles.select}>
      <span>{said.contactType}</span>
      <select name="contact_type">
        {contactTypes.map((type) => (
          <option key={type} value={type}>
            {said.contactTypes[type]}
          </option>
        ))}
      </select>
    </label>
  </>
)

/** The channel's own words, named as such. */
export function Refused({ reason }: { reason: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles.problem}>
      <h2 ref={heading} tabIndex={-1}>
        {said.refused}
      </h2>
      <p>{said.refusedText}</p>
      <blockquote dir="auto">{reason}</blockquote>
    </div>
  )
}

function Connected({ id, name }: { id: string; name: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={styles.good}>
      <h2 ref={heading} tabIndex={-1} dir="auto">
        {said.connected(name)}
      </h2>
      <p>{said.connectedText}</p>
      <Link to="/admin/$section/$itemId" params={{ section: "channels", itemId: id }}>
        {said.toSettings}
      </Link>
    </div>
  )
}
