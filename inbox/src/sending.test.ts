import { expect, test, vi } from "vitest"
import { ApiError } from "./api.ts"
import { createOutbox, type OutboxEntry, type OutboxStorage, readOutbox, type SubmitOutcome } from "./sending.ts"

function memoryStorage(): OutboxStorage {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
  }
}

const words = (text: string) => ({ body: text, text })

/** A device whose server gives these answers in turn. */
function device(
  answers: (SubmitOutcome | Promise<SubmitOutcome>)[],
  storage = memoryStorage(),
  teammateId = "tea_ana",
) {
  const asked: OutboxEntry[] = []
  let seen: readonly OutboxEntry[] = []
  const outbox = createOutbox({
    storage,
    teammateId,
    submit: async (entry) => {
      asked.push(entry)
      return answers.shift() ?? new ApiError(0, "no answer")
    },
    onChange: (entries) => {
      seen = entries
    },
    onAccepted: () => {},
  })
  return { outbox, storage, asked, stages: () => seen.map((entry) => entry.stage), entries: () => seen }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

test("a reply whose answer was lost is sent again with the same key", async () => {
  vi.useFakeTimers()
  const { outbox, asked, stages } = device([new ApiError(0, "no answer"), { uid: "u1" }])
  outbox.add("cnv_a", words("It ships today."))
  await settled()
  expect(stages()).toEqual([{ name: "submitting", tries: 1 }])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked.map((entry) => entry.key)).toEqual([asked[0]?.key, asked[0]?.key])
  expect(stages()).toEqual([{ name: "accepted", uid: "u1" }])
  vi.useRealTimers()
})

test("a reply written before a reload is sent after it", async () => {
  vi.useFakeTimers()
  const before = device([])
  before.outbox.add("cnv_a", words("It ships today."))
  await settled()
  before.outbox.stop()
  const after = device([{ uid: "u1" }], before.storage)
  after.outbox.flush()
  await settled()
  expect(after.asked[0]?.key).toBe(before.asked[0]?.key)
  after.outbox.settle([{ uid: "u1" }])
  expect(readOutbox(before.storage, "tea_ana")).toEqual([])
  vi.useRealTimers()
})

test("another teammate on the same device neither sees nor sends it", async () => {
  const ana = device([])
  ana.outbox.add("cnv_a", words("It ships today."))
  ana.outbox.stop()
  const ben = device([{ uid: "u1" }], ana.storage, "tea_ben")
  ben.outbox.flush()
  await Promise.resolve()
  expect(ben.asked).toEqual([])
  expect(ben.entries()).toEqual([])
})

test("replies to one conversation leave one after the other, in the order they were written", async () => {
  vi.useFakeTimers()
  const { outbox, asked } = device([new ApiError(503, "busy"), { uid: "u1" }, { uid: "u2" }])
  outbox.add("cnv_a", words("First"))
  await vi.advanceTimersByTimeAsync(1)
  outbox.add("cnv_a", words("Second"))
  await vi.advanceTimersByTimeAsync(1_100)
  expect(asked.map((entry) => entry.text)).toEqual(["First", "First", "Second"])
  vi.useRealTimers()
})

test("a reply that is taken back before the server answered waits for the answer, and what was sent before it comes next", async () => {
  vi.useFakeTimers()
  const { outbox, entries } = device([new ApiError(0, "no answer"), { uid: "u1" }])
  outbox.add("cnv_a", words("First"))
  await vi.advanceTimersByTimeAsync(1)
  outbox.add("cnv_b", words("Second"))
  await settled()
  expect(outbox.lastSent()?.text).toBe("Second")
  outbox.takeBack(entries()[0]?.key as string)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(entries()[0]).toMatchObject({ text: "First", isUnwanted: true, stage: { name: "submitting", tries: 2 } })
  outbox.settle([{ uid: "u1" }])
  expect(entries().map(({ text }) => text)).toEqual(["First"])
  outbox.forget("u1")
  expect(outbox.lastSent()).toBeNull()
  vi.useRealTimers()
})

test("a reply whose message is heard of before its answer is done with, and the next one goes at once", async () => {
  vi.useFakeTimers()
  const answer = Promise.withResolvers<SubmitOutcome>()
  const { outbox, asked, entries } = device([answer.promise, { uid: "u2" }])
  outbox.add("cnv_a", words("First"))
  await vi.advanceTimersByTimeAsync(1)
  outbox.add("cnv_a", words("Second"))
  await settled()
  expect(asked.map(({ text }) => text)).toEqual(["First"])
  outbox.settle([{ uid: "u1", client_key: asked[0]?.key ?? null }, { uid: "u0" }])
  expect(entries().map(({ text, stage }) => [text, stage.name])).toEqual([["Second", "submitting"]])
  await settled()
  expect(asked.map(({ text }) => text)).toEqual(["First", "Second"])
  // The first one's answer, when it comes after all, says nothing of the second.
  answer.resolve(new ApiError(503, "busy"))
  await settled()
  expect(asked).toHaveLength(2)
  expect(entries().map(({ text, stage }) => [text, stage.name])).toEqual([["Second", "accepted"]])
  vi.useRealTimers()
})

test("a reply that was taken back is known by its message too, and stays until that was asked to be undone", async () => {
  vi.useFakeTimers()
  const { outbox, asked, entries } = device([new Promise<SubmitOutcome>(() => {})])
  outbox.add("cnv_a", words("First"))
  await settled()
  outbox.takeBack(asked[0]?.key as string)
  outbox.settle([{ uid: "u1", client_key: asked[0]?.key as string }])
  expect(entries()).toMatchObject([{ text: "First", isUnwanted: true, stage: { name: "accepted", uid: "u1" } }])
  vi.useRealTimers()
})

test("a refused reply says why, is not sent again, and can be taken back to the composer", async () => {
  vi.useFakeTimers()
  const { outbox, asked, stages, entries } = device([new ApiError(400, "Channel SMS cannot reply")])
  outbox.add("cnv_a", words("Hello"))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
  expect(stages()).toEqual([
    { name: "refused", message: expect.stringMatching(/correct it.*Channel SMS cannot reply/) },
  ])
  expect(outbox.take(asked[0]?.key ?? "")?.text).toBe("Hello")
  expect(entries()).toEqual([])
  vi.useRealTimers()
})

test("a session that ended keeps the reply until somebody signs in again", async () => {
  vi.useFakeTimers()
  const { outbox, stages } = device([new ApiError(401, "Sign in first")])
  outbox.add("cnv_a", words("Hello"))
  await settled()
  expect(stages()[0]?.name).toBe("submitting")
  outbox.stop()
  vi.useRealTimers()
})
