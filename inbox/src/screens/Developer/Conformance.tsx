import type { ConformanceResult, ConformanceRun } from "@causeway/contract/endpoints/developer"
import { useSearch } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { serverNow } from "../../api.ts"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { momentOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import admin from "../Admin/Admin.module.css"
import { Loaded, Page, Problem } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import type { DeveloperSearch } from "./sections.ts"

const said = developerWords.conformance

const readAll = async () => {
  const [{ apps }, { conformance_runs: runs }, { _results: channels }, { channels: simulated }] = await Promise.all([
    developerApi.apps(),
    developerApi.checks(),
    developerApi.channels(),
    developerApi.simulated(),
  ])
  return { apps, runs, channels, simulatedUids: new Set(simulated.map(({ app_uid }) => app_uid)) }
}

/** Whether a builder is done, and what is left: the checks against a server, as they run and as a report. */
export default function Conformance() {
  const { app: asked } = useSearch({ strict: false }) as DeveloperSearch
  const all = useResource("conformance", readAll)
  const [runId, setRunId] = useState<string | null>(null)
  const { run: change, isBusy, problem } = useChange()

  async function start(app_uid: string, url: string, confirm: boolean, only?: string[]): Promise<void> {
    const body = { app_uid, confirm, ...(url !== "" && { url }), ...(only !== undefined && { only }) }
    const started = await change(() => developerApi.startCheck(body), null)
    if (started !== null) setRunId(started.id)
  }
  return (
    <Page title={developerWords.shell.sections.conformance} lead={said.lead}>
      <Loaded from={all}>
        {({ apps, runs, simulatedUids }) => (
          <>
            <form
              className={styles.ask}
              onSubmit={(event) => {
                event.preventDefault()
                const form = new FormData(event.currentTarget)
                void start(String(form.get("app")), String(form.get("url")).trim(), form.has("confirm"))
              }}
            >
              <label className={admin.select}>
                <span>{said.app}</span>
                <select name="app" defaultValue={asked ?? apps[0]?.uid}>
                  {apps
                    .filter(({ uid }) => !simulatedUids.has(uid))
                    .map(({ uid, name }) => (
                      <option key={uid} value={uid}>
                        {name}
                      </option>
                    ))}
                </select>
              </label>
              <label className={`${admin.select} ${styles.wide}`}>
                <span>{said.url}</span>
                <input
                  name="url"
                  type="url"
                  dir="ltr"
                  maxLength={2000}
                  placeholder={apps.find(({ uid }) => uid === asked)?.webhook_url}
                />
              </label>
              <div className={admin.choices}>
                <label>
                  <input name="confirm" type="checkbox" />
                  <span>{said.confirm}</span>
                </label>
              </div>
              <Button type="submit" look="primary" icon="play" disabled={isBusy || apps.length === 0}>
                {said.run}
              </Button>
            </form>
            <Problem text={problem} />
            {runId === null && runs[0] === undefined ? (
              <Notice title={said.empty} text={said.emptyText} />
            ) : (
              <Report
                key={runId ?? runs[0]?.id}
                id={runId ?? (runs[0] as ConformanceRun).id}
                onOnly={(run, id) => void start(run.app_uid, run.url, true, [id])}
              />
            )}
            {runs.length > 1 && (
              <section className={admin.section}>
                <h2>{said.earlier}</h2>
                <ul className={admin.rows}>
                  {runs.map((run) => (
                    <li key={run.id}>
                      <div className={admin.what}>
                        <strong dir="ltr">{run.url}</strong>
                        <span>
                          {momentOf(run.started_at, serverNow())} · {said.summary(run.counts)}
                        </span>
                      </div>
                      <Button onClick={() => setRunId(run.id)}>{developerWords.shell.open}</Button>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Follows a run until it is done. */
function useRun(id: string): { run: ConformanceRun | null; problem: string | null } {
  const [run, setRun] = useState<ConformanceRun | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let isOver = false
    async function follow(): Promise<void> {
      let known: number | null = null
      for (;;) {
        const found: ConformanceRun = await developerApi.check(id, known)
        if (isOver) return
        setRun(found)
        if (found.state !== "running") return
        known = found.results.length
      }
    }
    follow().catch((error: unknown) => setProblem(unreadOf(error)))
    return () => {
      isOver = true
    }
  }, [id])
  return { run, problem }
}

function Report({ id, onOnly }: { id: string; onOnly(run: ConformanceRun, check: string): void }) {
  const { run, problem } = useRun(id)
  if (run === null) return <Problem text={problem} />
  const groups = Map.groupBy(run.results, (result) => result.id.split("-")[0] ?? "")
  return (
    <section className={admin.page} aria-busy={run.state === "running"}>
      <div className={admin.filters}>
        <output>
          {run.state === "running"
            ? said.running(run.results.length)
            : run.state === "failed"
              ? `${said.ended}: ${run.problem}`
              : said.summary(run.counts)}
        </output>
        {run.state === "done" &&
          (["html", "junit", "json"] as const).map((format) => (
            <a key={format} href={developerApi.checkReport(run.id, format)} download>
              {said.export}: {said.formats[format]}
            </a>
          ))}
      </div>
      {[...groups].map(([name, results]) => (
        <section key={name} className={admin.section}>
          <h2>
            {said.groups[name] ?? name}{" "}
            <small>{`${results.filter(({ result }) => result === "pass").length}/${results.length}`}</small>
          </h2>
          <ul className={admin.rows}>
            {results.map((result) => (
              <Result key={result.id} result={result} onOnly={() => onOnly(run, result.id)} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  )
}

const icons: Record<ConformanceResult["result"], IconName> = {
  pass: "sent",
  fail: "failed",
  warn: "question",
  skipped: "queued",
}
const states = { pass: "ok", fail: "failed", warn: "waiting", skipped: undefined } as const

function Result({ result, onOnly }: { result: ConformanceResult; onOnly(): void }) {
  const needsWork = result.result === "fail" || result.result === "warn"
  return (
    <li>
      <span className={styles.outcome} data-state={states[result.result]}>
        <Icon name={icons[result.result]} /> {said.results[result.result]}
      </span>
      <div className={admin.what} dir="ltr" lang="en">
        <strong>
          {result.id} {result.requirement}
        </strong>
        {result.detail !== "" && <span>{result.detail}</span>}
        {needsWork && (
          <span>
            <b>{said.fix}:</b> {result.fix} <small>({result.source})</small>
          </span>
        )}
      </div>
      {needsWork && <Button onClick={onOnly}>{said.only}</Button>}
      {needsWork && result.evidence.length > 0 && (
        <details className={admin.details}>
          <summary>{said.evidence}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
          <pre className={admin.code} tabIndex={0} dir="ltr">
            {result.evidence
              .map((one) => `${one.method} ${one.url}\n${one.sent}\n→ ${one.problem ?? one.status}\n${one.body}`)
              .join("\n\n")}
          </pre>
        </details>
      )}
    </li>
  )
}
