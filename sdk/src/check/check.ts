import type { Platform } from "./platform.ts"
import { type Check, fail, mustBeRefused, mustBeSent, mustBeTaken, pass, said, type Verdict } from "./verdict.ts"

const guide = "Channel API guide"
type Run = (platform: Platform) => Promise<Verdict>
export const check = (id: string, requirement: string, fix: string, run: Run, source = guide): Check => ({
  id,
  requirement,
  source,
  fix,
  run,
})
export const unknown = "Ignore fields you do not know instead of refusing them."

export const sends =
  (make: (p: Platform) => object): Run =>
  async (p) =>
    mustBeSent(await p.send(make(p) as Record<string, unknown>))
export const takes =
  (make: (p: Platform) => object): Run =>
  async (p) =>
    mustBeTaken(await p.send(make(p) as Record<string, unknown>))
export const refuses =
  (tamper: Parameters<Platform["send"]>[1]): Run =>
  async (p) =>
    mustBeRefused(await p.send(p.message(), tamper))
export const survives =
  (body: (p: Platform) => Record<string, unknown> | string, method = "POST"): Run =>
  async (p) => {
    const answer = await p.send(body(p), { method })
    if (answer.status === 0) return fail(`expected any answer, got ${said(answer)}`)
    if (answer.status >= 500) return fail(`expected a 4xx, got ${said(answer)}`)
    const next = await p.send(p.imported())
    return next.status === 0 ? fail(`the next webhook was not answered: ${said(next)}`) : pass
  }

export const alive = "Answer 400 and return: an error in one webhook must not end the process."
