import type { SimulatedState } from "@causeway/contract/endpoints/simulator"
import { useNavigate, useParams } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { ApiError } from "../../api.ts"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { millisecondsOf, preciseTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import admin from "../Admin/Admin.module.css"
import { Loaded, Page, Problem } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import { ClockPanel } from "./ClockPanel.tsx"
import styles from "./Developer.module.css"
import { FaultsForm } from "./FaultsForm.tsx"
import { PhonePanel } from "./PhonePanel.tsx"
import { SessionPanel } from "./SessionPanel.tsx"

const said = developerWords.simulator

/** Phones to play the customer, a provider that fails as told, and the traffic between. */
export default function Simulator() {
  const { itemId } = useParams({ strict: false })
  const navigate = useNavigate()
  const all = useResource("simulated", developerApi.simulated)
  const { run, isBusy, problem } = useChange()
  const open = (id: string) =>
    void navigate({ to: "/developer/$section/$itemId", params: { section: "simulator", itemId: id } })
  const create = async () => {
    const made = await run(() => developerApi.simulate("Simulator"), null)
    if (made === null) return
    await all.reload()
    open(made.id)
  }
  return (
    <Page title={developerWords.shell.sections.simulator} lead={said.lead}>
      <Loaded from={all}>
        {({ is_enabled, channels }) => {
          if (!is_enabled) return <Notice title={said.off} text={said.offText} />
          const chosen = itemId ?? channels[0]?.id
          return (
            <>
              <div className={admin.filters}>
                {channels.length > 0 && (
                  <label className={admin.select}>
                    <span>{said.channel}</span>
                    <select value={chosen} onChange={(event) => open(event.target.value)}>
                      {channels.map(({ id, name }) => (
                        <option key={id} value={id}>
                          {`${name} (${id})`}
                        </option>
                      ))}
                    </select>
                  </label>
                )}
                <Button
                  look={channels.length === 0 ? "primary" : "plain"}
                  icon="plus"
                  disabled={isBusy}
                  onClick={() => void create()}
                >
                  {said.create}
                </Button>
              </div>
              <Problem text={problem} />
              {chosen === undefined ? <p>{said.emptyText}</p> : <Desk key={chosen} id={chosen} />}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

const againMs = { quiet: 300, lost: 2_000 }
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The state of a simulated channel, as it changes. */
function useSimulated(id: string): { state: SimulatedState | null; problem: string | null } {
  const [state, setState] = useState<SimulatedState | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let isOver = false
    let known: number | null = null
    async function follow(): Promise<void> {
      while (!isOver) {
        try {
          const next = await developerApi.simulatedState(id, known)
          if (isOver) return
          setProblem(null)
          if (next.version === known) await pause(againMs.quiet)
          known = next.version
          setState(next)
        } catch (error) {
          setProblem(unreadOf(error))
          if (error instanceof ApiError && !error.isTemporary) return
          known = null
          await pause(againMs.lost)
        }
      }
    }
    void follow()
    return () => {
      isOver = true
    }
  }, [id])
  return { state, problem }
}

const firstPhone = { handle: "+43 660 1", name: "Mia" }

function Desk({ id }: { id: string }) {
  const { state, problem } = useSimulated(id)
  const [added, setAdded] = useState<{ handle: string; name: string }[]>([])
  if (state === null) return <Problem text={problem} />
  const known = new Set(state.phones.map(({ handle }) => handle))
  const fresh = added.filter(({ handle }) => !known.has(handle)).map((one) => ({ ...one, messages: [], calls: [] }))
  const phones = [...state.phones, ...fresh]
  const shown = phones.length > 0 ? phones : [{ ...firstPhone, messages: [], calls: [] }]
  const add = () => {
    const number = shown.length + 1
    setAdded([
      ...added,
      ...(phones.length === 0 ? [firstPhone] : []),
      { handle: `+43 660 ${number}`, name: `${said.who.customer} ${number}` },
    ])
  }
  return (
    <div className={styles.desk}>
      <Problem text={problem} />
      <div className={styles.phones}>
        {shown.map((phone) => (
          <PhonePanel key={phone.handle} channelId={id} phone={phone} />
        ))}
        <div>
          <Button icon="plus" onClick={add}>
            {said.addPhone}
          </Button>
        </div>
      </div>
      <div className={styles.dials}>
        <FaultsForm key={JSON.stringify(state.faults)} channelId={id} faults={state.faults} />
        <SessionPanel channelId={id} isRecording={state.is_recording} />
        <ClockPanel />
        <Traffic state={state} />
      </div>
    </div>
  )
}

function Traffic({ state }: { state: SimulatedState }) {
  return (
    <section className={styles.panel}>
      <h2>{said.traffic}</h2>
      {state.traffic.length === 0 ? (
        <p className={admin.side}>{said.noTraffic}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <ol className={styles.traffic} tabIndex={0} aria-label={said.traffic}>
          {state.traffic.toReversed().map((one) => (
            <li key={one.number}>
              <span>{preciseTimeOf(one.at)}</span>
              <span dir="ltr">
                <span aria-hidden="true">{one.direction === "to_channel" ? "→ " : "← "}</span>
                {one.what} {one.status ?? said.noAnswer} · {millisecondsOf(one.took_ms)}
              </span>
              {one.fault !== null && (
                <span className={admin.badge} data-state="warn">
                  {one.fault}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
