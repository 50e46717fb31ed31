import type { Behaviour } from "../harness/sink.ts"
import { inWorld, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

interface Expected {
  name: string
  behaviour: Behaviour
  state: "sent" | "failed" | "unknown" | "waiting"
  /** The code that the reply carries. */
  code?: string
}

/** A partner for each way of answering: one reply to each, and what became of it. */
async function answers(cases: readonly Expected[], { seed }: RowOptions, limitMs = 15_000): Promise<RowResult> {
  return await inWorld({ seed, channels: cases.length }, async (world, driver) => {
    const keys: string[] = []
    for (const [channel, { behaviour }] of cases.entries()) {
      const path = await driver.converse(channel)
      await world.sink.order({ partner: channel, behaviour })
      keys.push(await driver.reply(path))
    }
    const found = await verdict(world, limitMs)
    const rows = await world.db.query<{ key: string; state: string; error_code: string | null }>({
      text: "select trim(text) as key, state, error_code from message where direction = 'outbound'",
    })
    const wrong = cases.flatMap(({ name, state, code }, i) => {
      const row = rows.find(({ key }) => key === keys[i])
      if (row?.state === state && (code === undefined || row.error_code === code)) return []
      return [`${name}: expected ${state} ${code ?? ""}, got ${row?.state} ${row?.error_code ?? ""}`]
    })
    return {
      held: "each ends as it must",
      figure: `${cases.length} ways: ${summary(found)}`,
      broken: [...found.broken, ...wrong],
    }
  })
}

const status = (code: number, headers?: Record<string, string>): Behaviour => ({
  status: code,
  ...(headers && { headers }),
})

/** The part of row 15 that needs no network of its own. */
export const brokenAnswers = (options: RowOptions): Promise<RowResult> =>
  answers(
    (["reset", "close", "cut"] as const).map((behaviour) => ({ name: behaviour, behaviour, state: "unknown" })),
    options,
  )

export const partnerRows: Row[] = [
  {
    number: 14,
    fault: "slow drip, endless headers and body, gzip bomb",
    run: (options) =>
      answers(
        [
          { name: "a byte a second", behaviour: "drip", state: "unknown" },
          { name: "endless headers", behaviour: "headers", state: "unknown" },
          { name: "endless body", behaviour: "body", state: "sent" },
          { name: "gzip bomb", behaviour: "bomb", state: "sent" },
        ],
        options,
      ),
  },
  {
    number: 17,
    fault: "429 with Retry-After: seconds, garbage, years",
    run: (options) =>
      answers(
        [
          {
            name: "1 s, then again",
            behaviour: status(429, { "retry-after": "1" }),
            state: "failed",
            code: "too_many_requests",
          },
          {
            name: "garbage",
            behaviour: status(429, { "retry-after": "soon" }),
            state: "failed",
            code: "too_many_requests",
          },
          {
            name: "ten years",
            behaviour: status(429, { "retry-after": "315360000" }),
            state: "failed",
            code: "too_many_requests",
          },
          { name: "none", behaviour: status(429), state: "failed", code: "too_many_requests" },
        ],
        options,
      ),
  },
  {
    number: 18,
    fault: "redirects to an internal address",
    run: (options) =>
      answers(
        [301, 302, 307, 308].map((code) => ({
          name: String(code),
          behaviour: status(code, { location: "http://169.254.169.254/latest/meta-data/" }),
          state: "failed",
          code: "redirected",
        })),
        options,
      ),
  },
  {
    number: 19,
    fault: "410, 400, 401, 404",
    run: (options) =>
      answers(
        [
          { name: "410", behaviour: status(410), state: "failed", code: "not_found" },
          { name: "400", behaviour: status(400), state: "failed", code: "bad_request" },
          { name: "401", behaviour: status(401), state: "failed", code: "authentication_required" },
          { name: "404", behaviour: status(404), state: "failed", code: "not_found" },
        ],
        options,
      ),
  },
]
