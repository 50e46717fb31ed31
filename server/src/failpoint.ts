/**
 * Places where a test can make something go wrong, to prove what it leaves behind. `CAUSEWAY_FAIL_POINT=name` at start arms one of them, `name=number` with
 * a measure; unset in production, where each costs one comparison.
 */
let armed: { name: string; measure: number } | null = null
let blockedUntilMs = 0

/** How long a blocked process runs freely before it may be blocked again. */
const freeMs = 5_000

/** `setting` is `name` or `name=number`; null disarms. */
export function armFailPoint(setting: string | null): void {
  const [name = "", measure] = setting?.split("=") ?? []
  armed = setting === null ? null : { name, measure: Number(measure ?? Number.NaN) }
}

/** Here the process dies at once, as by `kill -9`. */
export function failPoint(name: "accept.committed" | "delivery.answered" | "rules.applied"): void {
  if (armed?.name === name) process.kill(process.pid, "SIGKILL")
}

/** Here the process does nothing else for so many milliseconds (default 3,000), now and then: as a long computation or a paused machine would. */
export function blockPoint(name: "delivery.claimed"): void {
  if (armed?.name !== name || performance.now() < blockedUntilMs + freeMs) return
  blockedUntilMs = performance.now() + (Number.isNaN(armed.measure) ? 3_000 : armed.measure)
  while (performance.now() < blockedUntilMs);
}

/** Whether what is passed on here is lost. */
export const isLostAt = (name: "hints"): boolean => armed?.name === name
