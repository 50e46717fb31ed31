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

export const partnerRows: Row[] = [
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
]
