import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { fullTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import admin from "../Admin/Admin.module.css"
import { Loaded } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"

const said = developerWords.simulator
const steps = { minute: 60, hour: 3_600, day: 86_400 } as const

/** Undo windows, retries and snoozes go by a clock that can stand still. */
export function ClockPanel() {
  const clock = useResource("clock", developerApi.clock)
  const { run, isBusy } = useChange()
  const advance = async (seconds: number) => {
    await run(() => developerApi.advance(seconds), null)
    await clock.reload()
  }
  return (
    <section className={styles.panel}>
      <h2>{said.clock}</h2>
      <Loaded from={clock}>
        {({ now, held }) =>
          held ? (
            <>
              <p>{said.clockNow(fullTimeOf(Date.parse(now) / 1000))}</p>
              <div className={admin.filters}>
                {(["minute", "hour", "day"] as const).map((step) => (
                  <Button key={step} disabled={isBusy} onClick={() => void advance(steps[step])}>
                    {said.advance[step]}
                  </Button>
                ))}
              </div>
            </>
          ) : (
            <p className={admin.side}>{said.running}</p>
          )
        }
      </Loaded>
    </section>
  )
}
