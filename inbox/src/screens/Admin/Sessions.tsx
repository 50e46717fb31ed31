import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { fullTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import styles from "./Admin.module.css"
import { Loaded } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"

const said = adminWords.people

/** Where somebody is signed in; each can be ended alone. */
export function Sessions({ teammateId }: { teammateId: string }) {
  const sessions = useResource(`sessions ${teammateId}`, () => adminApi.sessions(teammateId))
  const { run } = useChange()
  const end = (id: string) => void run(() => adminApi.endSessions(teammateId, id)).then(() => sessions.reload())
  return (
    <section className={styles.section}>
      <h2>{said.sessions}</h2>
      <Loaded from={sessions}>
        {({ sessions: list }) =>
          list.length === 0 ? (
            <p className={styles.side}>{said.noSessions}</p>
          ) : (
            <ul className={styles.rows}>
              {list.map((session) => (
                <li key={session.id}>
                  <div className={styles.what}>
                    <strong>{said.session(browserOf(session.browser), session.address ?? "?")}</strong>
                    <span>{said.since(fullTimeOf(session.created_at))}</span>
                  </div>
                  {session.is_current ? (
                    <span className={styles.badge}>{said.thisOne}</span>
                  ) : (
                    <Button onClick={() => end(session.id)}>{said.end}</Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

/** What people call it; the order matters, as most name several. */
const browsers = ["Edg", "OPR", "Firefox", "Chrome", "Safari"] as const
const names: Record<string, string> = { Edg: "Edge", OPR: "Opera" }

function browserOf(agent: string | null): string {
  const found = browsers.find((name) => agent?.includes(`${name}/`))
  return found === undefined ? (agent?.slice(0, 40) ?? "?") : (names[found] ?? found)
}
