import { randomBytes } from "node:crypto"
import type { Faults, Phone, PhoneCall, PhoneMessage, Traffic } from "@causeway/contract/endpoints/simulator"
import { noFaults } from "./faults.ts"
import type { Recording } from "./session.ts"

/** How much is kept of what passed; older entries are forgotten. */
const messagesKept = 200
const trafficKept = 200

/** Where a simulated channel is: all that its provider remembers. */
export interface ChannelState {
  readonly companyId: number
  readonly channelId: number
  /** Part of every id that this provider gives, so that no two runs of a server give the same one. */
  space: string
  /** Grows with every change. */
  version: number
  faults: Faults
  phones: Map<string, Phone>
  traffic: Traffic[]
  /** By thread: how many messages came in and how many sends went out, for the ids and for what a seed says. */
  counts: Map<string, { in: number; out: number }>
  /** Ids given to sends, by message id: a repeat gets the first one's. */
  given: Map<string, string>
  /** A message that is kept back until the next one has left. */
  heldBack: (() => Promise<void>) | null
  calls: PhoneCall[]
  recording: Recording | null
  changed(): void
  /** Resolves at the next change, or after `ms`. */
  next(ms: number): Promise<void>
}

export const newSpace = (): string => randomBytes(4).toString("hex")

export function newState(companyId: number, channelId: number): ChannelState {
  const waiting = new Set<() => void>()
  const state: ChannelState = {
    companyId,
    channelId,
    space: newSpace(),
    version: 1,
    faults: { ...noFaults },
    phones: new Map(),
    traffic: [],
    counts: new Map(),
    given: new Map(),
    heldBack: null,
    calls: [],
    recording: null,
    changed() {
      state.version++
      for (const wake of waiting) wake()
    },
    next(ms) {
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiting.delete(end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        timer.unref()
        waiting.add(end)
      })
    },
  }
  return state
}

/** The thread of a handle: always the same, but a recording has threads of its own, so that its replay begins like it did. */
export const threadOf = (state: ChannelState, handle: string): string =>
  state.recording === null ? `sim:${handle}` : `sim:${state.space}:${handle}`

/** Whose thread it is; null for one that is none of ours. */
export function handleOf(state: ChannelState, thread: string): string | null {
  const ofRecording = `sim:${state.space}:`
  if (thread.startsWith(ofRecording)) return thread.slice(ofRecording.length)
  return thread.startsWith("sim:") ? thread.slice(4) : null
}

export function phoneOf(state: ChannelState, handle: string, name: string | null = null): Phone {
  const phone = state.phones.get(handle) ?? { handle, name, messages: [], calls: [] }
  if (name !== null) phone.name = name
  state.phones.set(handle, phone)
  return phone
}

export function countsOf(state: ChannelState, thread: string): { in: number; out: number } {
  const counts = state.counts.get(thread) ?? { in: 0, out: 0 }
  state.counts.set(thread, counts)
  return counts
}

export function show(state: ChannelState, phone: Phone, message: PhoneMessage): PhoneMessage {
  phone.messages.push(message)
  if (phone.messages.length > messagesKept) phone.messages.shift()
  state.changed()
  return message
}

let passed = 0

export function note(state: ChannelState, entry: Omit<Traffic, "number" | "at">): void {
  state.traffic.push({
    number: ++passed,
    at: Date.now() / 1000,
    ...entry,
    took_ms: Math.round(entry.took_ms * 10) / 10,
  })
  if (state.traffic.length > trafficKept) state.traffic.shift()
  state.changed()
}

/** Counts what was hit when faults are for the next few only. */
export function spend(state: ChannelState): void {
  const { remaining } = state.faults
  if (remaining === null) return
  state.faults =
    remaining > 1 ? { ...state.faults, remaining: remaining - 1 } : { ...noFaults, rate: state.faults.rate }
}
