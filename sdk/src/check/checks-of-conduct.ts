import { check } from "./check.ts"
import { type Check, fail, mustBeSent, pass, said, sentProblem, skipped, warn } from "./verdict.ts"

export const order: Check[] = [
  check(
    "ORD-01",
    "Ten messages of a conversation, one after the other, are all sent",
    "Key on payload.id alone.",
    async (p) => {
      const { metadata } = p.message()
      const ids = new Set<unknown>()
      for (let i = 0; i < 10; i++) ids.add((await p.send(p.message({}, metadata))).json?.external_id)
      return ids.size === 10 ? pass : fail(`${ids.size} different external ids of 10 messages`)
    },
  ),
  check(
    "ORD-02",
    "Ten messages at once are all sent",
    "Keep what belongs to one request out of shared variables.",
    async (p) => {
      const all = await Promise.all(Array.from({ length: 10 }, () => p.send(p.message())))
      const bad = all.find((answer) => sentProblem(answer) !== null)
      if (bad !== undefined) return mustBeSent(bad)
      return new Set(all.map(({ json }) => json?.external_id)).size === 10
        ? pass
        : fail("two of them got the same external_id")
    },
  ),
  check(
    "ORD-03",
    "Five copies of a message at once are sent once",
    "Claim payload.id in one atomic step before sending.",
    async (p) => {
      const message = p.message()
      const all = await Promise.all(Array.from({ length: 5 }, () => p.send(message)))
      const ids = new Set(all.map(({ json }) => json?.external_id))
      return ids.size === 1
        ? mustBeSent(all[0] as (typeof all)[number])
        : fail(`expected one external_id, got ${[...ids].join(", ")}`)
    },
  ),
  check(
    "ORD-04",
    "Answers to messages at once are not mixed up",
    "Answer with the ids of the request that was asked.",
    async (p) => {
      const threads = Array.from({ length: 5 }, () => p.id("thread"))
      const all = await Promise.all(
        threads.map((thread) =>
          p.send(p.message({}, { external_conversation_id: thread, external_conversation_ids: [thread] })),
        ),
      )
      const unsent = all.map(sentProblem).find((problem) => problem !== null)
      if (unsent !== undefined) return fail(unsent)
      return all.some(
        ({ json }, i) =>
          threads.includes(String(json?.external_conversation_id)) && json?.external_conversation_id !== threads[i],
      )
        ? fail("an answer named another message's conversation")
        : pass
    },
  ),
]

const needsSlowText = "tell how to make your provider slow: --slow of the command, slowText in code"

export const timing: Check[] = [
  check(
    "TIME-01",
    "A message is answered within 7 s",
    "Hand the message over and answer; do what is slow afterwards.",
    async (p) => {
      const answer = await p.send(p.message())
      return answer.status !== 0 && answer.tookMs < p.budgetMs ? pass : fail(said(answer))
    },
  ),
  check(
    "TIME-02",
    "Answers leave room: under 5 s",
    "Hand the message over and answer; do what is slow afterwards.",
    async (p) => {
      const answer = await p.send(p.message())
      const { tookMs } = answer
      const roomyMs = 5000 * p.timeScale
      if (answer.status === 0) return fail(said(answer))
      return tookMs < roomyMs ? pass : warn(`took ${tookMs} ms of ${p.budgetMs}`)
    },
  ),
  check(
    "TIME-04",
    "A message whose provider takes 6.9 s is answered",
    "Answer before 7 s are over, with what you have.",
    async (p) => {
      if (p.slowText === null) return skipped(needsSlowText)
      const answer = await p.send(p.message({ text: p.slowText(6.9 * p.timeScale) }), { timeoutMs: p.budgetMs })
      return answer.status !== 0 ? pass : fail(said(answer))
    },
  ),
  check(
    "TIME-03",
    "An answer that takes 7.1 s is given up by the channel itself",
    "Answer request_timeout before 7 s are over.",
    async (p) => {
      if (p.slowText === null) return skipped(needsSlowText)
      const answer = await p.send(p.message({ text: p.slowText(7.1 * p.timeScale) }), { timeoutMs: p.budgetMs })
      return answer.status !== 0 ? pass : fail(said(answer))
    },
  ),
]
