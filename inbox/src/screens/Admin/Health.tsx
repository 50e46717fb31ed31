import type { Health as Report } from "@causeway/contract/endpoints/health"
import type { ReactNode } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { serverNow } from "../../api.ts"
import { agoOf, fullTimeOf, millisecondsOf, numberOf, sizeOf, spanOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./Admin.module.css"
import { Loaded, Page, Problem } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"

const said = adminWords.health

type LineName = keyof typeof said.lines
type State = Report["state"]

const icons: Record<State, IconName> = { ok: "sent", warn: "question", fail: "failed" }

interface Line {
  figure: string[]
  /** What to do; said only where something is not right. */
  fix: string
}

/** "Is it us?", line by line, with a plain verdict and what to do. */
export default function Health() {
  const health = useResource("health", adminApi.health, { of: ["backup", "channel"], everyMs: 10_000 })
  const { run, isBusy, problem } = useChange()
  const backUp = async () => {
    const taken = await run(adminApi.backUp, null)
    if (taken !== null) await run(async () => {}, said.backedUp(taken.name))
    await health.reload()
  }
  return (
    <Page
      title={adminWords.admin.sections.health}
      lead={said.lead}
      actions={<Button onClick={() => void health.reload()}>{words.retry}</Button>}
    >
      <Problem text={problem} />
      <Loaded from={health}>
        {(report) => (
          <>
            <output>{verdictOf(report)}</output>
            <ul className={styles.rows}>
              {lineNames.map((name) => (
                <HealthLine key={name} name={name} report={report}>
                  {name === "backup" && (
                    <Button disabled={isBusy} onClick={() => void backUp()}>
                      {isBusy ? said.running : said.runBackup}
                    </Button>
                  )}
                </HealthLine>
              ))}
            </ul>
            <p className={styles.side}>{said.version(report.version, fullTimeOf(report.started_at))}</p>
          </>
        )}
      </Loaded>
    </Page>
  )
}

const lineNames = Object.keys(said.lines) as LineName[]

function verdictOf(report: Report): string {
  const odd = lineNames.filter((name) => report[name].state !== "ok").length
  return odd === 0 ? said.good : said.look(odd)
}

function HealthLine({ name, report, children }: { name: LineName; report: Report; children: ReactNode }) {
  const { state } = report[name]
  const { figure, fix } = lines[name](report)
  return (
    <li>
      <span className={styles.badge} data-state={state}>
        <Icon name={icons[state]} size={13} /> {said.state[state]}
      </span>
      <div className={styles.what}>
        <strong>{said.lines[name]}</strong>
        <span>{figure.join(" · ")}</span>
        {state !== "ok" && <span>{fix}</span>}
      </div>
      {children}
    </li>
  )
}

const lines: Record<LineName, (report: Report) => Line> = {
  deliveries: ({ deliveries }) => ({
    figure: [
      said.waiting(numberOf(deliveries.waiting)),
      ...(deliveries.oldest_due_seconds === null ? [] : [said.late(spanOf(deliveries.oldest_due_seconds))]),
      ...(deliveries.p95_ms === null ? [] : [said.p95(millisecondsOf(deliveries.p95_ms))]),
      ...(deliveries.failed_last_hour === 0 ? [] : [said.failed(deliveries.failed_last_hour)]),
    ],
    fix: (deliveries.oldest_due_seconds ?? 0) > 30 ? said.lateFix : said.failedFix,
  }),
  channels: ({ channels }) => ({
    figure: [
      ...(channels.offline + channels.pausing === 0 ? [said.allChannels] : []),
      ...(channels.offline === 0 ? [] : [said.offline(channels.offline)]),
      ...(channels.pausing === 0 ? [] : [said.pausing(channels.pausing)]),
    ],
    fix: said.channelsFix,
  }),
  backup: ({ backup }) => ({
    figure: [
      backup.last === null
        ? said.noBackup
        : said.lastBackup(agoOf(backup.last.at, serverNow()), sizeOf(backup.last.bytes)),
      ...(backup.kept.length === 0 ? [] : [said.kept(backup.kept.length)]),
    ],
    fix: said.backupFix,
  }),
  database: ({ database }) => ({
    figure: [said[database.kind](database.version, sizeOf(database.bytes))],
    fix: "",
  }),
  disk: ({ disk }) => ({ figure: [said.free(sizeOf(disk.free_bytes))], fix: said.diskFix }),
  live: ({ live }) => ({ figure: [said.browsers(live.browsers)], fix: "" }),
  process: ({ process }) => ({
    figure: [process.longest_stall_ms === 0 ? said.noStall : said.stall(millisecondsOf(process.longest_stall_ms))],
    fix: said.stallFix,
  }),
  clock: ({ clock }) => ({
    figure: clock.is_held ? [said.held] : [said.skew(millisecondsOf(clock.skew_ms))],
    fix: clock.is_held ? "" : said.clockFix,
  }),
  audit: ({ audit }) => ({
    figure: [audit.unchained === 0 ? said.chained : said.unchained(numberOf(audit.unchained))],
    fix: said.auditFix,
  }),
}
