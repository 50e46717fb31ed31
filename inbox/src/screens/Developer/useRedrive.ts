import { useEffect, useRef, useState } from "react"
import { ApiError } from "../../api.ts"
import { developerApi } from "../../developer-api.ts"
import { sentenceOf } from "../Admin/resource.ts"

/** Whose deliveries, how far back, and whether also those that may have arrived. */
export interface Span {
  channelId: string
  seconds: number
  withUnknown: boolean
}

export type Redrive =
  | { state: "counting" }
  | { state: "counted"; count: number; oldestAt: number | null }
  | { state: "running"; done: number; of: number }
  | { state: "over"; done: number; of: number }
  | { state: "failed"; problem: string }

/** In one call; the next one follows when these have left. */
const chunk = 100
const perSecond = 20

/** What failed in a span of time: counted first, and told again in the server's own pace until it is done or stopped. */
export function useRedrive(span: Span) {
  const [redrive, setRedrive] = useState<Redrive>({ state: "counting" })
  const stopped = useRef<AbortController | null>(null)
  useEffect(() => () => stopped.current?.abort(), [])
  const { channelId, seconds, withUnknown } = span
  const asked = useRef({})

  useEffect(() => {
    let isOver = false
    const span = {
      channel_id: channelId,
      since: Date.now() / 1000 - seconds,
      status: withUnknown ? ["failed", "unknown"] : ["failed"],
    }
    setRedrive({ state: "counting" })
    developerApi.countFailed(span).then(
      ({ count, oldest_at, counted_at }) => {
        if (isOver) return
        // What fails again after this moment is another story: told again here it would never end.
        asked.current = { ...span, until: counted_at }
        setRedrive({ state: "counted", count, oldestAt: oldest_at })
      },
      (error: unknown) => isOver || setRedrive({ state: "failed", problem: problemOf(error) }),
    )
    return () => {
      isOver = true
    }
  }, [channelId, seconds, withUnknown])

  async function run(of: number): Promise<void> {
    stopped.current = new AbortController()
    const { signal } = stopped.current
    let done = 0
    setRedrive({ state: "running", done, of })
    try {
      for (let left = of; left > 0 && !signal.aborted; ) {
        const told = await developerApi.tellAgain({ ...asked.current, confirm: true, limit: chunk })
        done += told.count
        left = told.count === 0 ? 0 : told.left
        if (left > 0) setRedrive({ state: "running", done, of: done + left })
        if (left > 0) await pause((chunk / perSecond) * 1000, signal)
      }
      setRedrive({ state: "over", done, of: Math.max(of, done) })
    } catch (error) {
      setRedrive({ state: "failed", problem: problemOf(error) })
    }
  }
  return { redrive, run, stop: () => stopped.current?.abort() }
}

function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  return sentenceOf(error)
}

/** Ends at once when it is stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
