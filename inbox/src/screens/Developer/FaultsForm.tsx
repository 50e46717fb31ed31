import { answerFaults, type Faults, inboundFaults } from "@causeway/contract/endpoints/simulator"
import { useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { Button } from "../../parts/Button.tsx"
import admin from "../Admin/Admin.module.css"
import { Problem } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import styles from "./Developer.module.css"

const said = developerWords.simulator

const calm: Partial<Faults> = {
  answer: null,
  inbound: null,
  later_failure: null,
  answer_after_seconds: 0,
  remaining: null,
  seed: null,
}
const isCalm = (faults: Faults): boolean =>
  faults.answer === null &&
  faults.inbound === null &&
  faults.later_failure === null &&
  faults.answer_after_seconds === 0 &&
  faults.seed === null

const textOr = (value: FormDataEntryValue | null): string | null =>
  String(value ?? "").trim() === "" ? null : String(value).trim()

/** What the provider does wrong from now on. */
export function FaultsForm({ channelId, faults }: { channelId: string; faults: Faults }) {
  const { run, isBusy, problem } = useChange()
  const [isOnlyNext, setIsOnlyNext] = useState(faults.remaining !== null)
  async function set(form: FormData): Promise<void> {
    const body = {
      answer: textOr(form.get("answer")) as Faults["answer"],
      reason: textOr(form.get("reason")),
      inbound: textOr(form.get("inbound")) as Faults["inbound"],
      later_failure: textOr(form.get("later")),
      answer_after_seconds: Number(form.get("after")) || 0,
      remaining: isOnlyNext ? Math.max(1, Number(form.get("remaining")) || 1) : null,
      seed: null,
    }
    await run(() => developerApi.faults(channelId, body), null)
  }
  const choice = (
    name: string,
    label: string,
    value: string | null,
    values: readonly string[],
    names: Record<string, string>,
  ) => (
    <label className={admin.select}>
      <span>{label}</span>
      <select name={name} defaultValue={value ?? ""}>
        <option value="">{said.nothing}</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {names[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <section className={styles.panel}>
      <h2>{said.faults}</h2>
      <span className={admin.badge} data-state={isCalm(faults) ? "ok" : "warn"}>
        {isCalm(faults) ? said.calm : said.set}
      </span>
      <form
        className={admin.page}
        onSubmit={(event) => {
          event.preventDefault()
          void set(new FormData(event.currentTarget))
        }}
      >
        <div className={admin.filters}>
          {choice("answer", said.answer, faults.answer, answerFaults, said.answers)}
          <label className={admin.select}>
            <span>{said.reason}</span>
            <input name="reason" defaultValue={faults.reason ?? ""} maxLength={500} />
          </label>
          <label className={admin.select}>
            <span>{said.after}</span>
            <input name="after" type="number" min={0} max={40} step={0.1} defaultValue={faults.answer_after_seconds} />
          </label>
          {choice("inbound", said.inbound, faults.inbound, inboundFaults, said.inbounds)}
          <label className={admin.select}>
            <span>{said.later}</span>
            <input name="later" defaultValue={faults.later_failure ?? ""} maxLength={500} />
          </label>
          <div className={admin.choices}>
            <label>
              <input type="checkbox" checked={isOnlyNext} onChange={(event) => setIsOnlyNext(event.target.checked)} />
              <span>{said.remaining}</span>
            </label>
            {isOnlyNext && (
              <input
                className={admin.inline}
                aria-label={said.remaining}
                name="remaining"
                type="number"
                min={1}
                max={10_000}
                defaultValue={faults.remaining ?? 1}
              />
            )}
          </div>
        </div>
        <div className={admin.filters}>
          <Button type="submit" look="primary" disabled={isBusy}>
            {said.apply}
          </Button>
          {!isCalm(faults) && (
            <Button disabled={isBusy} onClick={() => void run(() => developerApi.faults(channelId, calm), null)}>
              {said.calm}
            </Button>
          )}
        </div>
        <Problem text={problem} />
      </form>
    </section>
  )
}
