/** How long this process stood still: for a long computation, or because its machine paused it. */
export interface Stalls {
  /** Milliseconds of the longest standstill of the last five minutes; 0: none that anybody would notice. */
  longestMs(): number
  stop(): void
}

const lookEveryMs = 250
/** Less than this is a busy moment. */
const noticedMs = 500
const keptMs = 5 * 60_000

export function watchStalls(): Stalls {
  let stalls: { atMs: number; tookMs: number }[] = []
  let lookedAtMs = performance.now()
  /** Also asked for by whoever reads: the timer that was held up may come after them. */
  const look = (): void => {
    const nowMs = performance.now()
    const tookMs = nowMs - lookedAtMs - lookEveryMs
    lookedAtMs = nowMs
    if (tookMs > noticedMs) stalls.push({ atMs: nowMs, tookMs })
    if (stalls.length > 0) stalls = stalls.filter(({ atMs }) => nowMs - atMs < keptMs)
  }
  const timer = setInterval(look, lookEveryMs).unref()
  return {
    longestMs() {
      look()
      return Math.round(Math.max(0, ...stalls.map(({ tookMs }) => tookMs)))
    },
    stop: () => clearInterval(timer),
  }
}
