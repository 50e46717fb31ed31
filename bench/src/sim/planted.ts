import { type Edit, edited, simulatorOver } from "./variant.ts"

/** Deliveries in the worlds of these seeds. */
const size = 500
/** The engine's next change makes another world of a seed: then the mistake is found in one of those after it. */
const worldsMax = 150

/** Mistakes that the engine might hold, and the world from which on each has to be found. Four of them it did hold, until the simulator found them. */
const planted: Record<string, Edit & { seed: number; freezes?: number }> = {
  "a send that had left is sent again": {
    seed: 3,
    file: "server/src/delivery/next-step.ts",
    from: "return exchange.written ? unknownAfter(exchange) : sendNotLeft(situation, exchange)",
    to: "return sendNotLeft(situation, exchange)",
  },
  "a send nobody heard of again is sent again": {
    seed: 4,
    file: "server/src/delivery/orphans.ts",
    from: `const isSend = orphan.sequence === "send"`,
    to: "const isSend = false",
  },
  "silence is a success": {
    seed: 3,
    file: "server/src/delivery/next-step.ts",
    from: `  state: "unknown",
  code: "no_answer",`,
    to: `  state: "sent" as never,
  code: "no_answer",`,
  },
  "the head of a sequence is passed": {
    seed: 1,
    file: "bench/src/sim/statements/outbox.ts",
    from: `row.sequence === "control" || (row.number !== null && isHead(store, rows, row))`,
    to: "row.number !== null",
  },
  "who comes next is never told": {
    seed: 1,
    file: "server/src/delivery/settle.ts",
    from: `if (step.state !== "retry" || written.steppedAside) await unblock(tx, delivery)`,
    to: "",
  },
  "the cap is ignored": {
    seed: 2,
    file: "server/src/delivery/workers.ts",
    from: "health.cap - inFlight.size",
    to: "16 - inFlight.size",
  },
  "attempts are used up during a pause": {
    seed: 1,
    file: "server/src/delivery/health.ts",
    from: `if (lasts(pause, now)) return "closed"`,
    to: "",
  },
  "many try whether a partner is back": {
    seed: 10,
    file: "server/src/delivery/health.ts",
    from: `return pause.why === "asked" ? "open" : "probe"`,
    to: `return "open"`,
  },
  "an offline channel's sends leave": {
    seed: 5,
    file: "bench/src/sim/statements/lanes.ts",
    from: "...(store.isOffline(company, channel) ? [] : due(readySends))",
    to: "...due(readySends)",
  },
  "notices are repeated too early": {
    seed: 3,
    file: "server/src/delivery/next-step.ts",
    from: "const waitMs = noticeRetryMs[attempts]",
    to: "const waitMs = noticeRetryMs[attempts - 1]",
  },
  "a failing notice holds up the others for ever": {
    seed: 1,
    file: "server/src/delivery/settle.ts",
    from: `delivery.sequence === "notice" && blockedMs > blocksForMs`,
    to: "false",
  },
  "abandoned lanes are left alone": {
    seed: 2,
    file: "server/src/delivery/workers.ts",
    from: "if (work.abandoned) await this.#settleOrphans(work)",
    to: "",
  },
  "notices take the last slot of a lane": {
    seed: 2,
    file: "server/src/delivery/claim.ts",
    from: "Math.max(0, cap - 1 - noticesInFlight)",
    to: "Math.max(0, cap - noticesInFlight)",
  },
  "a claim whose commit nobody heard of is forgotten": {
    seed: 44,
    file: "server/src/delivery/workers.ts",
    from: "if (work.unsure) await this.#carryUnheard(work)",
    to: "",
  },
  "what was claimed before a standstill is dialled after it": {
    seed: 24,
    freezes: 150,
    file: "server/src/delivery/lanes.ts",
    from: "wall.now() < untilMs - leftMs && wall.steady() < untilSteadyMs - leftMs",
    to: "true",
  },
  "what was dialled before a standstill is written after it": {
    seed: 24,
    freezes: 150,
    file: "server/src/delivery/carry.ts",
    from: "() => isLeased(leaseLeftMs.write)",
    to: "() => true",
  },
  "an answer that was read after a standstill is judged as if it had come in time": {
    seed: 17,
    freezes: 150,
    file: "server/src/delivery/attempt.ts",
    from: `if (tookMs < limitMs || heard.exchange.kind === "fault") return heard`,
    to: "if (heard !== null) return heard",
  },
  "what was never dialled is passed, because a clock was set": {
    seed: 47,
    freezes: 400,
    file: "server/src/delivery/settle.ts",
    from: " && !keepsPlace",
    to: "",
  },
  "only the first portion of an offline channel's replies is released": {
    seed: 1,
    file: "server/src/delivery/lookout.ts",
    from: "if (!this.#moving && this.#isWithin(sweepEveryMs, this.#movedAtMs)) return",
    to: "return",
  },
  "what is left to park is forgotten": {
    seed: 3,
    file: "server/src/delivery/parking.ts",
    from: "values: [companyId, channelId, isDone ? null : what, before],",
    to: `values: [companyId, channelId, isDone || what === "park" ? null : what, before],`,
  },
  "later portions are released before earlier ones": {
    seed: 14,
    file: "bench/src/sim/statements/outbox.ts",
    from: "Number(one.stepped_aside) - Number(other.stepped_aside) || (one.number as number) - (other.number as number)",
    to: "Number(one.stepped_aside) - Number(other.stepped_aside) || (other.number as number) - (one.number as number)",
  },
}

/** One line of JSON for each mistake, with the rule that it broke; null: it was not found. */
for (const [name, edit] of Object.entries(planted)) {
  const simulate = await simulatorOver(name, edit.file, edited(edit))
  let broken: string | null = null
  for (let i = 0; i < worldsMax && broken === null; i++)
    broken = (await simulate({ ...edit, seed: edit.seed + i, deliveries: size })).failure?.rule ?? null
  process.stdout.write(`${JSON.stringify({ name, broken })}\n`)
}
