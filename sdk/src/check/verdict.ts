import type { Exchange } from "./exchange.ts"
import type { Platform } from "./platform.ts"

export type Result = "pass" | "fail" | "warn" | "skipped"

/** What a check found; `detail` is empty where it passed. */
export interface Verdict {
  result: Result
  detail: string
}

export interface Check {
  /** `MSG-07`; stable from version to version. */
  id: string
  /** What a channel must do, as a sentence. */
  requirement: string
  source: string
  /** What to change, in one line. */
  fix: string
  run(platform: Platform): Promise<Verdict>
}

export const pass: Verdict = { result: "pass", detail: "" }
export const fail = (detail: string): Verdict => ({ result: "fail", detail })
export const warn = (detail: string): Verdict => ({ result: "warn", detail })
export const skipped = (detail: string): Verdict => ({ result: "skipped", detail })

/** An answer in a few words. */
export function said({ status, body, problem }: Exchange): string {
  return problem ?? `${status} ${body.slice(0, 120)}`
}

export const isOk = ({ status }: Exchange): boolean => status >= 200 && status < 300
/** A 2xx without an error in it. */
export const isTaken = (answer: Exchange): boolean =>
  isOk(answer) && (answer.json?.type === undefined || answer.json.type === "success")

/** Answered as `message` and `message_autoreply` must be: success and both ids. */
export function sentProblem(answer: Exchange): string | null {
  const { json } = answer
  if (!isOk(answer) || json?.type !== "success") return `expected type success, got ${said(answer)}`
  for (const name of ["external_id", "external_conversation_id"]) {
    if (typeof json[name] !== "string" || json[name] === "")
      return `expected ${name} as a string, got ${JSON.stringify(json[name])}`
  }
  return null
}

export const mustBeSent = (answer: Exchange): Verdict => {
  const problem = sentProblem(answer)
  return problem === null ? pass : fail(problem)
}
export const mustBeTaken = (answer: Exchange): Verdict =>
  isTaken(answer) ? pass : fail(`expected a 2xx without an error, got ${said(answer)}`)
/** Refused by the channel itself: 4xx, or an error type of the protocol that is not internal_error. */
export function mustBeRefused(answer: Exchange): Verdict {
  const type = answer.json?.type
  if (answer.status >= 400 && answer.status < 500) return pass
  if (isOk(answer) && typeof type === "string" && type !== "success" && type !== "internal_error") return pass
  return fail(`expected a refusal (4xx), got ${said(answer)}`)
}
