import type { Session, SessionDifference } from "@causeway/contract/endpoints/simulator"
import { useRef, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { Button } from "../../parts/Button.tsx"
import admin from "../Admin/Admin.module.css"
import { Problem } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { Diff } from "./Diff.tsx"
import { pretty } from "./exchange.ts"
import { saveFile } from "./save-file.ts"

const said = developerWords.simulator

const faultRate = 0.3
const save = (session: Session, name: string) =>
  saveFile(`${name}.json`, "application/json", `${JSON.stringify(session, null, 2)}\n`)

/** Records what is done, replays a file and compares; or plays the scene of a seed. */
export function SessionPanel({ channelId, isRecording }: { channelId: string; isRecording: boolean }) {
  const { run, isBusy, problem } = useChange()
  const file = useRef<HTMLInputElement>(null)
  const [result, setResult] = useState<{ sentence: string; differences: SessionDifference[] } | null>(null)
  const [unread, setUnread] = useState<string | null>(null)
  const stop = async () => {
    const session = await run(() => developerApi.stopRecord(channelId), null)
    if (session !== null) save(session, "session")
  }
  async function replay(chosen: File): Promise<void> {
    setUnread(null)
    setResult(null)
    const session = await chosen
      .text()
      .then((text) => JSON.parse(text) as Session)
      .catch(() => null)
    if (session?.format !== "causeway-session/1") return setUnread(said.notJson)
    const played = await run(() => developerApi.replaySession(channelId, session), null)
    if (played === null) return
    setResult({
      sentence: played.is_equal ? said.equal : said.different(played.differences.length),
      differences: played.differences,
    })
  }
  async function play(seed: number): Promise<void> {
    setResult(null)
    const played = await run(() => developerApi.runSeed(channelId, { seed, fault_rate: faultRate }), null)
    if (played === null) return
    setResult({ sentence: said.played(played.steps_done), differences: [] })
    save(played.session, `scene-${seed}`)
  }
  return (
    <section className={styles.panel}>
      <h2>{said.session}</h2>
      <div className={admin.filters}>
        {isRecording ? (
          <>
            <span className={admin.badge} data-state="warn">
              {said.recording}
            </span>
            <Button look="primary" disabled={isBusy} onClick={() => void stop()}>
              {said.stop}
            </Button>
          </>
        ) : (
          <>
            <Button disabled={isBusy} onClick={() => void run(() => developerApi.record(channelId), null)}>
              {said.record}
            </Button>
            <Button disabled={isBusy} onClick={() => file.current?.click()}>
              {isBusy ? said.replaying : said.replay}
            </Button>
            <input
              ref={file}
              type="file"
              accept="application/json"
              hidden
              onChange={(event) => {
                const [chosen] = event.target.files ?? []
                event.target.value = ""
                if (chosen !== undefined) void replay(chosen)
              }}
            />
          </>
        )}
      </div>
      {!isRecording && (
        <form
          className={styles.ask}
          onSubmit={(event) => {
            event.preventDefault()
            void play(Number(new FormData(event.currentTarget).get("seed")) || 0)
          }}
        >
          <label className={admin.select}>
            <span>{said.seed}</span>
            <input name="seed" type="number" min={0} max={4_294_967_295} defaultValue={7} />
          </label>
          <Button type="submit" disabled={isBusy}>
            {said.runSeed}
          </Button>
        </form>
      )}
      <Problem text={unread ?? problem} />
      {result !== null && <output>{result.sentence}</output>}
      {result?.differences.slice(0, 20).map(({ thread, stream, index, recorded, now }) => (
        <details key={`${thread} ${stream} ${index}`}>
          <summary dir="ltr">
            {thread} · {stream} {index}
          </summary>
          <Diff before={pretty(recorded ?? "")} after={pretty(now ?? "")} />
        </details>
      ))}
    </section>
  )
}
