import type { AttemptView } from "@causeway/contract/endpoints/deliveries"
import type { LogEntry } from "@causeway/contract/endpoints/log"
import { answerMs } from "@causeway/contract/limits"
import { useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { millisecondsOf } from "../../format.ts"
import admin from "../Admin/Admin.module.css"
import { Loaded } from "../Admin/Page.tsx"
import { useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { Diff } from "./Diff.tsx"
import { pretty, type Shown, shownAttempt, shownCall, textOf } from "./exchange.ts"
import { resultOf } from "./LogRow.tsx"

const said = developerWords.log

export function Why({ reason, codes }: { reason: string | null; codes: readonly (string | null | undefined)[] }) {
  if (reason === null) return null
  const advice = codes.map((code) => said.advice[code ?? ""]).find((sentence) => sentence !== undefined)
  return (
    <div className={admin.problem}>
      <strong>{said.reason}</strong>
      <p dir="auto">{reason}</p>
      {advice !== undefined && <p>{advice}</p>}
    </div>
  )
}

export function Side({
  title,
  headers,
  body,
}: {
  title: string
  headers: Record<string, string>
  body: string | null
}) {
  return (
    <div className={styles.side}>
      <p dir="ltr">
        <code>{title}</code>
      </p>
      <dl className={styles.headers} dir="ltr">
        {Object.entries(headers).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body === null || body === "" ? (
        <p>{said.noBody}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <pre className={admin.code} tabIndex={0} dir="ltr">
          {pretty(body)}
        </pre>
      )}
    </div>
  )
}

/** Where the time went, against the line that a partner must not cross. */
export function Timing({ timing }: { timing: Record<string, number> }) {
  const phases = Object.entries(said.phases).filter(([name]) => timing[name] !== undefined)
  const total = timing.total ?? 0
  return (
    <table className={styles.timing}>
      <tbody>
        {phases.map(([name, label]) => (
          <tr key={name}>
            <th scope="row">{label}</th>
            <td>
              <meter
                aria-hidden="true"
                min={0}
                max={answerMs}
                value={Math.min(answerMs, timing[name] ?? 0)}
                high={answerMs * 0.7}
                optimum={0}
              />
            </td>
            <td>{millisecondsOf(timing[name] ?? 0)}</td>
          </tr>
        ))}
        <tr data-over={total > answerMs || undefined}>
          <th scope="row">{said.limit}</th>
          <td />
          <td>{millisecondsOf(answerMs)}</td>
        </tr>
      </tbody>
    </table>
  )
}

export function Attempts({
  attempts,
  chosen,
  onChoose,
}: {
  attempts: AttemptView[]
  chosen: number
  onChoose(number: number): void
}) {
  return (
    <ul className={admin.rows}>
      {attempts.map((attempt) => (
        <li key={attempt.number}>
          <button
            type="button"
            className={styles.attempt}
            aria-pressed={attempt.number === chosen}
            onClick={() => onChoose(attempt.number)}
          >
            {said.attempt(attempt.number)}
          </button>
          <span dir="ltr">
            {attempt.response?.status ?? attempt.outcome} · {attempt.decision}
            {attempt.warnings.length > 0 && ` · ${attempt.warnings.join(", ")}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

export function Compare({
  shown,
  entries,
  replayOf,
}: {
  shown: Shown
  entries: readonly LogEntry[]
  replayOf: string | null
}) {
  const others = entries.filter(({ id }) => id !== shown.id && id.slice(0, 3) === shown.id.slice(0, 3)).slice(0, 50)
  const [otherId, setOtherId] = useState(replayOf ?? "")
  const other = useResource(`compare ${otherId}`, async () => {
    if (otherId === "") return null
    if (otherId.startsWith("req_")) return shownCall(await developerApi.apiCall(otherId))
    const delivery = await developerApi.delivery(otherId)
    return shownAttempt(delivery, delivery.attempts.at(-1))
  })
  return (
    <div className={styles.side}>
      <label className={admin.select}>
        <span>{said.compareWith}</span>
        <select value={otherId} onChange={(event) => setOtherId(event.target.value)}>
          <option value="">{said.choose}</option>
          {replayOf !== null && <option value={replayOf}>{`${replayOf} (${said.replayOf})`}</option>}
          {others.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {`${entry.id} ${entry.what} ${resultOf(entry)}`}
            </option>
          ))}
        </select>
      </label>
      <Loaded from={other}>
        {(found) => (found === null ? null : <Diff before={textOf(found)} after={textOf(shown)} />)}
      </Loaded>
    </div>
  )
}
