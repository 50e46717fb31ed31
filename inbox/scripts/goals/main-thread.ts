import type { CDPSession, Page } from "playwright-core"

/**
 * What the page's main thread does, in ms of processor time: the same on a machine that others keep busy, where the time from one frame to the next says
 * how long the page waited for its turn.
 */

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** µs */
  ts: number
  /** Processor time, µs. */
  tdur?: number
  args: { name?: string }
}

/** The work of each frame while `run` runs, which asks for animation frames. */
export async function workOfFrames(page: Page, run: () => Promise<unknown>): Promise<number[]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error("The page has no browser of its own")
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline"],
  })
  await run()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const isMain = ({ pid, tid }: TraceEvent): boolean =>
    traceEvents.some((named) => named.args.name === "CrRendererMain" && named.pid === pid && named.tid === tid)
  const [first] = traceEvents.filter(({ name }) => name === "FireAnimationFrame")
  if (first === undefined || !isMain(first)) throw new Error("The trace has no animation frames")
  const own = traceEvents.filter(({ pid, tid }) => pid === first.pid && tid === first.tid)
  const frames = own.filter(({ name }) => name === "FireAnimationFrame").map(({ ts }) => ts)
  const work = frames.map(() => 0)
  // Within each other tasks would count twice: only the outermost.
  for (const { name, ts, tdur = 0 } of own) {
    if (name !== "ThreadControllerImpl::RunTask") continue
    const at = frames.findLastIndex((frame) => frame <= ts)
    if (at !== -1) work[at] = (work[at] ?? 0) + tdur / 1000
  }
  return work.slice(1, -1)
}

/** A meter of the page: each call answers what the main thread has done since the last one. */
export async function meterOf(page: Page): Promise<{ client: CDPSession; read(): Promise<number> }> {
  const client = await page.context().newCDPSession(page)
  await client.send("Performance.enable", { timeDomain: "threadTicks" })
  let before = 0
  return {
    client,
    async read() {
      const { metrics } = await client.send("Performance.getMetrics")
      const now = (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000
      const since = now - before
      before = now
      return since
    },
  }
}

/** The value below which a share of them lies: 0.95 is p95. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
