import type { VendorEventType } from "@causeway/contract/event-types"
import type { CallStatus, CallStepStatus } from "@causeway/contract/resources/call"
import { invalid } from "../http/errors.ts"

/**
 * A call begins queued or ringing. It is answered (connected), may be put on hold and resumed any number of times, and ends once: hung up, missed,
 * abandoned by the caller, or transferred; a transfer ends this leg, and the next leg is a call of its own that names this one as its parent.
 * Source: the table of states in the vendor's guide for voice channels.
 */
const following: Record<CallStatus, readonly CallStepStatus[]> = {
  queued: ["connected", "hangup", "missed", "abandoned"],
  ringing: ["queued", "connected", "missed", "abandoned", "transferred"],
  connected: ["hold", "transferred", "hangup"],
  hold: ["resumed", "transferred", "hangup"],
  hangup: [],
  missed: [],
  abandoned: [],
  transferred: [],
}

export const isOver = (status: CallStatus): boolean => following[status].length === 0

/** One thing that was told of a call, as it is kept. */
export interface Step {
  status: CallStepStatus
  occurredAt: Date
}

/**
 * What a request for `asked` means for a call that is `status` after `steps`: the step to keep, or null when it says again what is known: the present
 * status, or an older step with its very time, which is a late copy. Throws 400 naming both when the one cannot follow the other.
 */
export function nextStep(
  call: { status: CallStatus; steps: readonly Step[] },
  asked: CallStepStatus,
  occurredAt: Date | null,
): CallStepStatus | null {
  const { status, steps } = call
  // The vendor's document has no word for the end of a hold, its guide has: connected means the same there.
  const step = status === "hold" && asked === "connected" ? "resumed" : asked
  const isPresent = step === status || (step === "resumed" && steps.at(-1)?.status === "resumed")
  const isCopy = steps.some(
    (known) => occurredAt?.getTime() === known.occurredAt.getTime() && statusAfter(known.status) === statusAfter(asked),
  )
  if (isPresent || isCopy) return null
  if (following[status].includes(step)) return step
  const allowed = isOver(status) ? "the call is over" : `after ${status} come ${following[status].join(", ")}`
  throw invalid("body.call_status", `cannot go from ${status} to ${asked}: ${allowed}`)
}

/** What a call is after a step. */
export const statusAfter = (step: CallStepStatus): CallStatus => (step === "resumed" ? "connected" : step)

/** The vendor's event types; a call that begins is `call_started` besides. */
export const stepEvents: Record<CallStepStatus, VendorEventType> = {
  queued: "call_queued",
  ringing: "call_started",
  connected: "call_connected",
  hold: "call_on_hold",
  resumed: "call_resumed",
  hangup: "call_hangup",
  missed: "call_missed",
  abandoned: "call_abandoned",
  transferred: "call_transferred",
}
