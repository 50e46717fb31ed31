import { type FormEvent, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { ApiError } from "../../api.ts"
import { fullTimeOf, millisecondsOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { reasonOf } from "../../refusal.ts"
import { useWorkspace } from "../../workspace.ts"
import { WaitingReplies } from "../Inbox/WaitingReplies.tsx"
import { Addresses } from "./Addresses.tsx"
import styles from "./Admin.module.css"
import { Asking } from "./Asking.tsx"
import type { ChannelData } from "./ChannelPage.tsx"
import { Refused } from "./Connect.tsx"
import { Credentials, credentialsIn, needsPerson } from "./Credentials.tsx"
import { sentenceOf, useChange } from "./resource.ts"
import { SignInAway } from "./SignInAway.tsx"

const said = adminWords.channelSettings

type Step = "resting" | "asking" | "signing in" | "choosing"

/** Whether the channel is connected, and the ways to have it so again: with what it has, with other credentials, at the partner's page. */
export function Reconnect({ data, onChanged }: { data: ChannelData; onChanged(): unknown }) {
  const { channel, app, view } = data
  const { queries } = useWorkspace()
  const [step, setStep] = useState<Step>("resting")
  const [refusal, setRefusal] = useState<string | null>(null)
  const [tookMs, setTookMs] = useState<number | null>(null)

  async function changed(): Promise<void> {
    setStep("resting")
    // How many replies wait is no part of what the live stream tells.
    await queries.invalidateQueries({ queryKey: ["channels"] })
    await onChanged()
  }
  async function ask(credentials: Record<string, string> | null): Promise<void> {
    if (app !== null && needsPerson(app)) return setStep("signing in")
    setStep("asking")
    setRefusal(null)
    const before = performance.now()
    try {
      const { status } = await adminApi.authenticate(channel.id, credentials === null ? {} : { credentials })
      if (status === "choose_address") return setStep("choosing")
      setTookMs(performance.now() - before)
      await changed()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setStep("resting")
      setRefusal(error.status === 400 ? reasonOf(error) : sentenceOf(error))
    }
  }
  return (
    <section className={styles.section}>
      <Standing data={data} onChanged={changed} />
      {!channel.is_valid && view !== undefined && (
        <>
          <p className={styles.side}>{said.isOffline(fullTimeOf(view.status_at))}</p>
          {view.status_reason !== null && (
            <p>
              {said.fromChannel}: <q dir="auto">{view.status_reason}</q>
            </p>
          )}
          <p className={styles.side}>{said.offlineText}</p>
        </>
      )}
      {refusal !== null && <Refused reason={refusal} />}
      {tookMs !== null && <output className={styles.side}>{said.testOk(millisecondsOf(tookMs))}</output>}
      {step === "asking" && <Asking />}
      {step === "signing in" && app !== null && (
        <SignInAway
          id={channel.id}
          host={URL.parse(app.server_auth.authorize_url ?? "")?.host ?? app.name}
          onDone={(status) => (status === "connected" ? void changed() : setStep("choosing"))}
        />
      )}
      {step === "choosing" && <Addresses id={channel.id} onDone={() => void changed()} />}
      {step === "resting" && app !== null && <Ways data={data} onAsk={ask} />}
      <WaitingReplies />
    </section>
  )
}

function Standing({ data: { channel, view }, onChanged }: { data: ChannelData; onChanged(): unknown }) {
  const { run, isBusy } = useChange()
  const state = !channel.is_valid ? "offline" : view?.delivery.state === "pausing" ? "pausing" : "online"
  const mark = (status: "ok" | "offline") =>
    void run(() => adminApi.changeChannel(channel.id, { status })).then(onChanged)
  return (
    <div className={styles.filters}>
      <span className={styles.badge} data-state={{ offline: "fail", pausing: "warn", online: "ok" }[state]}>
        {adminWords.channels[state]}
      </span>
      <Button disabled={isBusy} onClick={() => mark(channel.is_valid ? "offline" : "ok")}>
        {channel.is_valid ? said.markOffline : said.markOnline}
      </Button>
    </div>
  )
}

function Ways({ data, onAsk }: { data: ChannelData; onAsk(credentials: Record<string, string> | null): unknown }) {
  const { app, channel } = data
  if (app === null) return null
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (app !== null) void onAsk(credentialsIn(app, new FormData(event.currentTarget)))
  }
  return (
    <>
      <p className={styles.side}>{channel.is_valid ? said.testText : said.againText}</p>
      <Button look={channel.is_valid ? "plain" : "primary"} onClick={() => void onAsk(null)}>
        {channel.is_valid ? said.test : said.again}
      </Button>
      {app.server_auth.type !== "none" && !needsPerson(app) && (
        <details className={styles.details}>
          <summary>{said.againNew}</summary>
          <form className={styles.form} onSubmit={submit}>
            <Credentials app={app} />
            <Button type="submit">{said.again}</Button>
          </form>
        </details>
      )}
    </>
  )
}
