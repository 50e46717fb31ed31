import type { Faults, Session, SessionStep } from "@causeway/contract/endpoints/simulator"
import { chance, noFaults, pick } from "./faults.ts"
import { type CallMove, moveCall, type Provider, releaseHeldBack, writeMessage } from "./phones.ts"
import { newRecording, recordStep, sessionOf } from "./session.ts"
import { type ChannelState, newSpace, phoneOf, threadOf } from "./state.ts"

/** Replies in the conversation of a thread, as whoever asked for the scene. False when there is no such conversation. */
export type ReplyAs = (thread: string, text: string) => Promise<boolean>

/** Begins no step after this long: whoever asked waits for the answer. */
const beginsWithinMs = 90_000
/** How long what follows from a step may take. */
const followsWithinMs = 12_000

/**
 * Does the steps one after the other in a recording of its own, each when the last one has had its consequences; then waits for what is still on its
 * way. Faults are put back afterwards.
 */
export async function playSteps(
  provider: Provider,
  steps: readonly SessionStep[],
  replyAs: ReplyAs,
  seed: number | null,
): Promise<{ stepsDone: number; session: Session }> {
  const { state } = provider
  const faultsBefore = state.faults
  const endsAt = Date.now() + beginsWithinMs
  begin(state, seed)
  let stepsDone = 0
  try {
    for (const step of steps) {
      if (Date.now() > endsAt) break
      await playStep(provider, step, replyAs)
      stepsDone++
    }
    return { stepsDone, session: await end(state) }
  } finally {
    state.recording = null
    state.faults = faultsBefore
  }
}

/** Starts to record: with ids and threads of its own, so that its replay begins alike. */
export function begin(state: ChannelState, seed: number | null): void {
  state.space = newSpace()
  state.recording = newRecording(seed)
  if (state.faults.answer !== null || state.faults.inbound !== null || state.faults.seed !== null)
    recordStep(state.recording, { do: "faults", faults: state.faults })
  state.changed()
}

/** Stops to record, once what was sent has been imported. */
export async function end(state: ChannelState): Promise<Session> {
  await releaseHeldBack(state)
  await until(state, () => isQuiet(state))
  const session = sessionOf(state.recording ?? newRecording(null), state.space)
  state.recording = null
  state.changed()
  return session
}

async function playStep(provider: Provider, step: SessionStep, replyAs: ReplyAs): Promise<void> {
  const { state } = provider
  if (step.do === "faults") {
    state.faults = step.faults
    recordStep(state.recording, step)
  } else if (step.do === "write") await writeMessage(provider, step)
  else if (step.do === "call") await moveCall(provider, moveOf(state, step))
  else await playReply(state, step, replyAs)
}

async function playReply(
  state: ChannelState,
  step: Extract<SessionStep, { do: "reply" }>,
  replyAs: ReplyAs,
): Promise<void> {
  const thread = threadOf(state, step.handle)
  await until(state, () => isQuiet(state)) // the notices say which conversation it is
  const before = sendsIn(state, thread)
  if (await replyAs(thread, step.text)) await until(state, () => sendsIn(state, thread) > before)
}

const moveOf = (state: ChannelState, step: Extract<SessionStep, { do: "call" }>): CallMove => ({
  action: step.action,
  handle: step.handle,
  name: phoneOf(state, step.handle).name,
  direction: step.direction ?? "inbound",
  callId: state.recording?.callIds[step.call] ?? null,
  recording: step.with.includes("recording"),
  transcript: step.with.includes("transcript"),
  summary: step.with.includes("summary"),
})

const entriesOf = (state: ChannelState) => state.recording?.entries ?? []
const sendsIn = (state: ChannelState, thread: string): number =>
  entriesOf(state).filter((entry) => entry.stream === "sends" && entry.thread === thread).length

/** Every message that was kept has been told back: one notice for each id, however often it was sent. */
function isQuiet(state: ChannelState): boolean {
  const kept = new Set<string>()
  let notices = 0
  for (const { stream, what, status, body } of entriesOf(state)) {
    if (stream === "notices") notices++
    if (what === "POST inbound_messages" && status === 202)
      kept.add(String((body as { metadata: { external_id: string } }).metadata.external_id))
  }
  return notices >= kept.size
}

async function until(state: ChannelState, holds: () => boolean): Promise<void> {
  const endsAt = Date.now() + followsWithinMs
  while (!holds() && Date.now() < endsAt) await state.next(Math.max(1, endsAt - Date.now()))
}

const people = ["Mia Kovač", "Jonas Weber", "Amina Diallo", "Li Wei", "Sofía Ramos", "Tom Hale", "Noor Haddad"]
const asks = [
  "Hi, where is order 7781?",
  "It arrived broken.",
  "Can I change the address?",
  "Thank you!",
  "Is the lamp back in stock?",
  "مرحبا، أين طلبي؟",
  "Please call me back 📞",
]
const replies = ["It ships today.", "Let me look into that.", "We have sent you a new one.", "You are welcome!"]

export interface SceneOptions {
  seed: number
  steps: number
  phones: number
  faultRate: number
  hasCalls: boolean
}

/** A scene that follows from its seed alone. */
export function sceneOf({ seed, steps, phones, faultRate, hasCalls }: SceneOptions): SessionStep[] {
  const faults: Faults = { ...noFaults, seed, rate: faultRate }
  const written = new Set<string>()
  let calls = 0
  const scene: SessionStep[] = [{ do: "faults", faults }]
  for (let i = 0; scene.length <= steps; i++) {
    const who = Math.floor(chance(seed, "who", i) * phones)
    const handle = `+1555${String(1000 + who)}`
    const name = people[who % people.length] as string
    const turn = chance(seed, "turn", i)
    if (hasCalls && turn < 0.12 && scene.length + 3 <= steps + 1) {
      const call = { do: "call", handle, call: calls++, with: [] } as const
      scene.push({ ...call, action: "ring", direction: "inbound", with: [] })
      scene.push({ ...call, action: "answer", with: [] })
      scene.push({ ...call, action: "hang_up", with: ["transcript", "summary"] })
    } else if (turn < 0.5 && written.has(handle)) {
      scene.push({ do: "reply", handle, text: `${pick(replies, chance(seed, "reply", i))} (${i})` })
    } else {
      const attachment = chance(seed, "file", i) < 0.15 ? ("image" as const) : null
      scene.push({ do: "write", handle, name, text: `${pick(asks, chance(seed, "ask", i))} (${i})`, attachment })
      written.add(handle)
    }
  }
  return scene
}
