import { externalIdCharsMax } from "@causeway/contract/limits"
import { ownReasonStart } from "@causeway/contract/reasons"
import type { Answer } from "./outcome.ts"

/** The seven types with which a partner says no, on any HTTP status (Channel API, error answers). */
export const errorTypes = [
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
] as const
export type ErrorType = (typeof errorTypes)[number]

/** A partner's answer to a send, read as kindly as possible. */
export interface PartnerWords {
  errorType: ErrorType | null
  externalId: string | null
  externalConversationId: string | null
  /** Said to people when this answer is a failure: the partner's own words, or ours about its status. */
  reason: string
  /** What a lenient reader forgave, each with what the vendor would have made of it. */
  warnings: string[]
  /** Why the vendor's own rule would call a 2xx a failure; null when it would not. */
  strictProblem: string | null
}

/** What is shown of a partner's words; ours. */
const reasonCharsMax = 500

/** What the vendor's own rule (type success and both ids within 7 s, or the send has failed) makes of what we forgive. */
export const strictly = (problem: string): string => `${problem}; read strictly, the send has failed`

/** `expectsIds` false: a custom channel's partner, from whom any 2xx will do (the vendor's guide states no answer for it). */
export function readAnswer(answer: Answer, expectsIds = true): PartnerWords {
  const json = parseObject(answer.body)
  const errorType = errorTypes.find((type) => type === json?.type) ?? null
  const externalId = readId(json, "external_id")
  const externalConversationId = readId(json, "external_conversation_id")
  const problems = expectsIds
    ? [...bodyProblems(answer, json), ...externalId.problems, ...externalConversationId.problems]
    : []
  return {
    errorType,
    externalId: externalId.id,
    externalConversationId: externalConversationId.id,
    reason: reasonOf(answer, json, errorType),
    warnings: problems.map(strictly),
    strictProblem: problems.length === 0 ? null : `the answer breaks the protocol: ${problems.join("; ")}`,
  }
}

function bodyProblems(answer: Answer, json: Record<string, unknown> | null): string[] {
  const problems: string[] = []
  if (answer.cut !== null) problems.push(cutWords[answer.cut])
  if (json === null)
    problems.push(answer.body.trim() === "" ? "the answer is empty" : "the answer is not a JSON object")
  else if (json.type !== "success") problems.push(`type is ${shown(json.type)} (expected "success")`)
  return problems
}

const cutWords: Record<NonNullable<Answer["cut"]>, string> = {
  size: "the answer is longer than 64 KiB and was not read to its end",
  broken: "the answer broke off before its end",
  time: "the answer had not ended after 30 s",
}

function readId(json: Record<string, unknown> | null, field: string): { id: string | null; problems: string[] } {
  const value = json?.[field]
  if (json === null) return { id: null, problems: [] }
  if (value === undefined || value === null || value === "") return { id: null, problems: [`${field} is missing`] }
  // A number is surely meant as an id; anything else would be a guess.
  if (typeof value === "number") return { id: String(value), problems: [`${field} is a number (expected a string)`] }
  if (typeof value !== "string") return { id: null, problems: [`${field} is ${shown(value)} (expected a string)`] }
  if (value.length > externalIdCharsMax)
    return { id: null, problems: [`${field} is longer than ${externalIdCharsMax} characters`] }
  if (value.includes("\0")) return { id: null, problems: [`${field} contains the character U+0000`] }
  return { id: value, problems: [] }
}

function reasonOf(answer: Answer, json: Record<string, unknown> | null, errorType: ErrorType | null): string {
  const words = json?.message ?? (typeof json?.error === "string" ? json.error : undefined)
  if (typeof words === "string" && clean(words) !== "") return clean(words)
  if (errorType !== null) return `${ownReasonStart} refused (${errorType}) and gave no reason`
  if (answer.status >= 300 && answer.status < 400)
    return `${ownReasonStart} answered with a redirect (${answer.status}), which is not followed`
  const text = clean(answer.body)
  // A page of markup is written for a browser, not for the person who reads this.
  const isPlain = text !== "" && !text.startsWith("<") && json === null
  return `${ownReasonStart} answered ${answer.status}${isPlain ? `: ${text.slice(0, 200)}` : ""}`
}

const clean = (words: string): string =>
  words
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, reasonCharsMax)

const shown = (value: unknown): string =>
  value === undefined ? "missing" : (JSON.stringify(value) ?? "odd").slice(0, 40)

/**
 * Milliseconds a partner asks us to wait: seconds, or a date, which counts from the partner's own clock. Null when it does not say or cannot be
 * understood. Source: RFC 9110, 10.2.3.
 */
export function retryAfterMs(answer: Answer): number | null {
  const value = answer.headers["retry-after"]?.trim()
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  if (!value.endsWith(" GMT")) return null // Date.parse would take "-5" for a year
  const waitMs = Date.parse(value) - Date.parse(answer.headers.date ?? "")
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs)
}

function parseObject(text: string): Record<string, unknown> | null {
  // Many a partner answers "OK", a page or nothing: an exception for each would cost more than all the rest of reading it.
  if (!/^[ \t\r\n]*\{/.test(text)) return null
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
