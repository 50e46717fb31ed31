import type { ChannelHealth as Report } from "@causeway/contract/endpoints/channels"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { serverNow } from "../../api.ts"
import { agoOf, millisecondsOf, numberOf, percentOf } from "../../format.ts"
import styles from "./Admin.module.css"
import { Loaded } from "./Page.tsx"
import { useResource } from "./resource.ts"

const said = adminWords.channelSettings

/** How its server has answered in the last 24 hours: figures, bars, and the same as a table. */
export function ChannelHealth({ id }: { id: string }) {
  const health = useResource(`channel health ${id}`, () => adminApi.channelHealth(id))
  return (
    <section className={styles.section}>
      <h2>{said.health}</h2>
      <Loaded from={health}>
        {(report) =>
          report.answered === 0 ? <p className={styles.side}>{said.noTraffic}</p> : <Figures report={report} />
        }
      </Loaded>
    </section>
  )
}

function Figures({ report }: { report: Report }) {
  const lines = [
    said.success(percentOf(report.succeeded / report.answered)),
    ...(report.p50_ms === null ? [] : [said.p50(millisecondsOf(report.p50_ms))]),
    ...(report.p95_ms === null ? [] : [said.p95(millisecondsOf(report.p95_ms)), said.limit]),
    ...(report.last_inbound_at === null ? [] : [said.lastIn(agoOf(report.last_inbound_at, serverNow()))]),
    ...(report.last_outbound_at === null ? [] : [said.lastOut(agoOf(report.last_outbound_at, serverNow()))]),
  ]
  return (
    <>
      <p>
        {said.healthText}: {lines.join(" · ")}
      </p>
      <Bars hours={report.hours} />
      <details className={styles.details}>
        <summary>{said.chart}</summary>
        <table className={styles.diff}>
          <thead>
            <tr>
              <th scope="col">{said.chart}</th>
              <th scope="col">{said.wentWell}</th>
              <th scope="col">{said.failed}</th>
            </tr>
          </thead>
          <tbody>
            {report.hours.map((hour, at) => {
              const ago = report.hours.length - 1 - at
              return hour.succeeded + hour.failed === 0 ? null : (
                <tr key={ago}>
                  <th scope="row">{ago === 0 ? said.thisHour : said.hour(ago)}</th>
                  <td>{numberOf(hour.succeeded)}</td>
                  <td>{numberOf(hour.failed)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </details>
      {report.failures.length > 0 && (
        <>
          <h3>{said.codes}</h3>
          <ul>
            {report.failures.map(({ code, count }) => (
              <li key={code}>
                <code>{code}</code> {numberOf(count)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const height = 60

/** A picture of what the table says; hidden from screen readers, who have the table. */
function Bars({ hours }: { hours: Report["hours"] }) {
  const most = Math.max(1, ...hours.map(({ succeeded, failed }) => succeeded + failed))
  const scaled = (count: number): number => (count / most) * height
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${hours.length * 10} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {hours.map(({ succeeded, failed }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one bar for each hour, in its place
        <g key={at}>
          <rect
            className={styles.goodBar}
            x={at * 10 + 1}
            width={8}
            y={height - scaled(succeeded + failed)}
            height={scaled(succeeded)}
          />
          <rect
            className={styles.badBar}
            x={at * 10 + 1}
            width={8}
            y={height - scaled(failed)}
            height={scaled(failed)}
          />
        </g>
      ))}
    </svg>
  )
}
