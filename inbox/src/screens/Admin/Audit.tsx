import type { AuditEntry } from "@causeway/contract/endpoints/audit"
import { useEffect, useState } from "react"
import { type AuditFilter, adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { fullTimeOf, numberOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import styles from "./Admin.module.css"
import { Page, Problem } from "./Page.tsx"
import { useAudited, useResource } from "./resource.ts"
import { nameOf } from "./Teammates.tsx"

const said = adminWords.audit
/** What the server gives at once. */
const pageSize = 50

/** Who changed what: filtered, read on page by page, exported, and its chain checked. */
export default function Audit() {
  const [filter, setFilter] = useState<AuditFilter>({ noun: null, teammate_id: null, since: null })
  const { entries, next, problem, hasNews, readOn, readAgain } = useEntries(filter)
  return (
    <Page
      title={adminWords.admin.sections.audit}
      lead={said.lead}
      actions={
        <a href={adminApi.auditExport(filter)} download>
          {said.export}
        </a>
      }
    >
      <Filters filter={filter} onChange={setFilter} />
      <Chain />
      <Problem text={problem} />
      {hasNews && <Button onClick={readAgain}>{said.news}</Button>}
      {entries !== null && entries.length === 0 && <Notice title={said.empty} text={said.emptyText} />}
      {entries !== null && entries.length > 0 && (
        <ul className={styles.rows}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {next !== null && <Button onClick={() => void readOn()}>{said.more}</Button>}
    </Page>
  )
}

/** The pages that were read so far of what the filter leaves. */
function useEntries(filter: AuditFilter) {
  const [entries, setEntries] = useState<AuditEntry[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [hasNews, setHasNews] = useState(false)
  const [reading, setReading] = useState(0)
  const readAgain = () => {
    setHasNews(false)
    setReading(reading + 1)
  }
  // Whoever has read on keeps their place.
  useAudited(["*"], () => ((entries?.length ?? 0) <= pageSize ? readAgain() : setHasNews(true)))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `reading` is when to ask again
  useEffect(() => {
    let isStale = false
    adminApi.audit(filter, null).then(
      (page) => {
        if (isStale) return
        setEntries(page.entries)
        setNext(page.next)
        setProblem(null)
      },
      (error: unknown) => {
        if (!isStale) setProblem(unreadOf(error))
      },
    )
    return () => {
      isStale = true
    }
  }, [filter, reading])
  async function readOn(): Promise<void> {
    try {
      const page = await adminApi.audit(filter, next)
      setEntries([...(entries ?? []), ...page.entries])
      setNext(page.next)
    } catch (error) {
      setProblem(unreadOf(error))
    }
  }
  return { entries, next, problem, hasNews, readOn, readAgain }
}

function Filters({ filter, onChange }: { filter: AuditFilter; onChange(filter: AuditFilter): void }) {
  const teammates = useResource("teammates", adminApi.teammates)
  return (
    <div className={styles.filters}>
      <label className={styles.select}>
        <span>{said.noun}</span>
        <select
          value={filter.noun ?? ""}
          onChange={(event) => onChange({ ...filter, noun: event.target.value || null })}
        >
          <option value="">{said.anything}</option>
          {Object.entries(said.nouns).map(([noun, name]) => (
            <option key={noun} value={noun}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.select}>
        <span>{said.who}</span>
        <select
          value={filter.teammate_id ?? ""}
          onChange={(event) => onChange({ ...filter, teammate_id: event.target.value || null })}
        >
          <option value="">{said.anybody}</option>
          {teammates.data?.teammates.map((person) => (
            <option key={person.id} value={person.id}>
              {nameOf(person)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.select}>
        <span>{said.since}</span>
        <input
          type="date"
          onChange={(event) => {
            const time = event.target.valueAsDate?.getTime()
            onChange({ ...filter, since: time === undefined ? null : time / 1000 })
          }}
        />
      </label>
    </div>
  )
}

function Chain() {
  const [report, setReport] = useState<Awaited<ReturnType<typeof adminApi.verifyAudit>> | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const check = () =>
    adminApi.verifyAudit().then(setReport, (error: unknown) => {
      setProblem(unreadOf(error))
    })
  return (
    <div className={styles.filters}>
      <Button onClick={() => void check()}>{said.verify}</Button>
      <Problem text={problem} />
      {report !== null && (
        <output className={styles.what}>
          <span className={styles.badge} data-state={report.broken === null ? "ok" : "fail"}>
            {report.broken === null
              ? said.whole(numberOf(report.entries))
              : said.broken(numberOf(report.broken.position))}
          </span>
          {report.head !== null && <CopyField label={said.head} value={report.head} />}
        </output>
      )}
    </div>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const noun = said.nouns[entry.noun] ?? entry.noun
  const verb = said.verbs[entry.verb] ?? entry.verb
  const name = entry.after?.name ?? entry.before?.name
  const fields = [...new Set([...Object.keys(entry.before ?? {}), ...Object.keys(entry.after ?? {})])]
  return (
    <li>
      <details className={styles.details}>
        <summary>
          <strong dir="auto">
            {noun} {typeof name === "string" && `“${name}” `}
            {verb}
          </strong>
          <span className={styles.side}>
            {actorOf(entry)}
            {entry.actor !== null && ` ${said.from(entry.actor.address)}`} · {fullTimeOf(entry.at)}
          </span>
        </summary>
        <p className={styles.side}>
          <code>{entry.target}</code>
        </p>
        {fields.length > 0 && (
          <table className={styles.diff}>
            <thead>
              <tr>
                <th scope="col">{said.field}</th>
                <th scope="col">{said.before}</th>
                <th scope="col">{said.after}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field}>
                  <th scope="row">{field}</th>
                  <td dir="auto">{shown(entry.before?.[field])}</td>
                  <td dir="auto">{shown(entry.after?.[field])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </li>
  )
}

function actorOf({ actor }: AuditEntry): string {
  if (actor === null) return said.system
  return actor.kind === "anyone" ? said.someone : (actor.name ?? actor.kind)
}

const shown = (value: unknown): string => {
  if (value === undefined || value === null) return "–"
  return typeof value === "string" ? value : JSON.stringify(value)
}
