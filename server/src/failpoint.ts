/**
 * Places where a test can stop the process dead, to prove what a crash there leaves behind. Set by `CAUSEWAY_FAIL_POINT=name` at start;
 * unset in production, where this costs one comparison.
 */
let armed: string | null = null

export function armFailPoint(name: string | null): void {
  armed = name
}

export function failPoint(name: "accept.committed" | "delivery.answered" | "rules.applied"): void {
  if (armed === name) process.kill(process.pid, "SIGKILL")
}
