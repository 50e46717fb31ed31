import { formatId } from "@causeway/contract/ids"
import { describe, expect, test } from "vitest"
import { createCalm } from "./calm.ts"
import { type Evidence, problemsOf, type ReplyRow } from "./evidence.ts"
import type { Promised, Seen } from "./ledger.ts"

const conversation = 7
const at = 1_000

const inbound = (n: number) => ({ external_id: `in-${n}`, uid: `uid-${n}`, conversation_id: conversation, number: n })
const promisedInbound = (n: number): Promised => ({
  kind: "inbound",
  externalId: `in-${n}`,
  uid: `uid-${n}`,
  channel: 0,
  thread: "t",
  askedAt: at,
  at,
})
const reply = (n: number, state = "sent"): ReplyRow => ({
  conversation_id: conversation,
  number: n,
  key: `reply-${n}`,
  state,
  error_reason: state === "sent" ? null : "no answer",
  attempts: 1,
  is_due: false,
})
const promisedReply = (n: number): Promised => ({
  kind: "reply",
  key: `reply-${n}`,
  conversation: formatId("cnv", conversation),
  askedAt: at,
  at,
})
/** A call, and its answer; null: none was given. */
const call = (number: number, type: string, key: string, status: number | null = 200): Seen[] => [
  { kind: "arrived", call: number, partner: 0, type, key, conversation: "", at },
  ...(status === null ? [] : [{ kind: "answered" as const, call: number, status, at }]),
]

/** The partner answers the first call for `reply-3` with 429. */
const toldToComeBack = (seen: readonly Seen[]): Seen[] =>
  seen.flatMap((entry) => {
    if (entry.call !== 3) return [entry]
    return entry.kind === "arrived" ? [...call(5, "message", "reply-3", 429), ...call(6, "message", "reply-3")] : []
  })

/** Two messages came and were told; two replies went out and one has no answer. */
const sound = (): Evidence & { seen: Seen[]; promised: Promised[] } => ({
  promised: [promisedInbound(1), promisedInbound(2), promisedReply(3), promisedReply(4)],
  inbound: [inbound(1), inbound(2)],
  replies: [reply(3), reply(4, "unknown")],
  seen: [
    ...call(1, "message_imported", "in-1"),
    ...call(2, "message_imported", "in-2"),
    ...call(3, "message", "reply-3"),
    ...call(4, "message", "reply-4", null),
  ],
  downs: [],
})

test("a run that kept everything has no problem", () => {
  expect(problemsOf(sound())).toEqual([])
})

describe("each planted fault is found, and nothing beside it", () => {
  const planted: [string, (evidence: ReturnType<typeof sound>) => Partial<Evidence>, string][] = [
    ["a message that is lost", () => ({ inbound: [inbound(1)] }), "in-2 was acknowledged and is lost"],
    [
      "a message that is there twice",
      () => ({ inbound: [inbound(1), inbound(2), inbound(2)] }),
      "in-2 is there 2 times",
    ],
    [
      "a message under another uid than was promised",
      () => ({ inbound: [inbound(1), { ...inbound(2), uid: "uid-9" }] }),
      "in-2 was promised as uid-2 and is uid-9",
    ],
    [
      "a thread in two conversations",
      () => ({ inbound: [inbound(1), { ...inbound(2), conversation_id: 8 }] }),
      "t is in two conversations",
    ],
    [
      "a reply that is lost",
      ({ replies, seen }) => ({ replies: replies.slice(0, 1), seen: seen.filter((entry) => entry.call !== 4) }),
      "reply-4 was acknowledged and is lost",
    ],
    [
      "a reply that is there twice",
      ({ replies }) => ({ replies: [...replies, reply(4, "unknown")] }),
      "reply-4 is there 2 times",
    ],
    [
      "a reply that was begun, not answered and sent again",
      ({ seen, replies }) => ({
        seen: [...seen, ...call(5, "message", "reply-4")],
        replies: [replies[0] as ReplyRow, { ...reply(4), attempts: 2 }],
      }),
      "reply-4 was sent 2 times by itself",
    ],
    [
      "a reply with more calls than attempts",
      ({ seen }) => ({ seen: toldToComeBack(seen) }),
      "reply-3: 2 calls and 1 attempts",
    ],
    [
      "a reply that overtook an earlier one",
      () => ({ replies: [reply(3), { ...reply(4, "unknown"), number: 2 }] }),
      "reply-4 came after a later reply",
    ],
    [
      "a notice that overtook an earlier one",
      ({ seen }) => ({ seen: [...seen.slice(2, 4), ...seen.slice(0, 2), ...seen.slice(4)] }),
      "the notice of in-1 came after a later one",
    ],
    [
      "a reply that is sent although nobody took it",
      ({ replies }) => ({ replies: [replies[0] as ReplyRow, reply(4)] }),
      "reply-4 is sent, and no partner said 2xx",
    ],
    [
      "a reply without an end",
      ({ replies }) => ({ replies: [replies[0] as ReplyRow, reply(4, "sending")] }),
      "reply-4 is still sending",
    ],
    [
      "a reply that nobody wrote",
      ({ seen }) => ({ seen: [...seen, ...call(5, "message", "reply-9")] }),
      "a partner was sent reply-9, which nobody wrote",
    ],
    [
      "a promise without a database",
      () => ({ downs: [{ from: at - 1, to: at + 1 }], promised: [promisedInbound(1)] }),
      "in-1 was acknowledged while the database was down",
    ],
    [
      "an answer that no client should get",
      ({ promised }) => ({ promised: [...promised, { kind: "odd", what: "in-3", status: 500, text: "oops", at }] }),
      "in-3 was answered 500: oops",
    ],
  ]
  test.each(planted)("%s", (_name, plant, sentence) => {
    const evidence = sound()
    expect(problemsOf({ ...evidence, ...plant(evidence) })).toEqual([sentence])
  })
})

test("a partner that asked for another try may be called again, and a notice may come again", () => {
  const evidence = sound()
  const seen = [...toldToComeBack(evidence.seen), ...call(7, "message_imported", "in-1")]
  const replies = [{ ...reply(3), attempts: 2 }, reply(4, "unknown")]
  expect(problemsOf({ ...evidence, seen, replies })).toEqual([])
})

test("calm time stands still while something is broken on purpose, however often at once", async () => {
  let now = 0
  const calm = createCalm(() => now)
  now = 10
  await calm.except(async () => {
    now = 50
    await calm.except(async () => {
      now = 90
    })
    expect(calm.ms()).toBe(10)
  })
  now = 95
  expect(calm.ms()).toBe(15)
})
