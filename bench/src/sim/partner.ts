import type { Dialer, Exchange } from "@causeway/server/delivery/dialer"
import type { FaultCode, Outcome, Phase, Report } from "@causeway/server/delivery/outcome"
import type { Dice } from "./dice.ts"
import type { Moment, Owner, Timeline } from "./timeline.ts"

/** How a channel's partner behaves for a while. */
export const moods = {
  well: 30,
  slow: 6,
  hanging: 6,
  unreachable: 8,
  breaking: 5,
  failing: 6,
  limiting: 5,
  picky: 5,
  mixed: 8,
} as const
export type Mood = keyof typeof moods

/** One exchange with a partner, as it will go. */
interface Course {
  /** Ms from the start until the first byte is written; null: never. */
  writtenMs: number | null
  /** Ms from the start; Infinity: never. */
  endMs: number
  outcome: Outcome
}

/** Hears what really happens to attempts. */
export interface Witness {
  dialled(delivery: number, attempt: number, who: Owner): void
  /** A byte has left. */
  written(delivery: number, attempt: number): void
  /** The process has heard how it ended. */
  reported(delivery: number, attempt: number, outcome: Outcome, tookMs: number): void
}

const success = '{"type":"success","external_id":"m-1","external_conversation_id":"c-1"}'
const bodies = [success, success, success, "", "OK", "{}", '{"type":"success","external_id":17}', '{"external_id":"m"}']
const errorTypes = [
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
]

const answered = (status: number, body: string, headers: Record<string, string> = {}): Outcome => ({
  kind: "answered",
  status,
  headers,
  body,
  cut: null,
})

const fault = (code: FaultCode, written: boolean): Outcome => ({
  kind: "fault",
  code,
  reason: "the simulated partner broke",
  written,
  phase: written ? "headers" : "connect",
})

/** The partners of a world, one for each channel. */
export class Partners {
  readonly #dice: Dice
  readonly #moods = new Map<number, Mood>()
  /** From now on they are all well. */
  healed = false

  constructor(dice: Dice) {
    this.#dice = dice
  }

  setMood(channel: number, mood: Mood): void {
    this.#moods.set(channel, mood)
  }

  course(channel: number): Course {
    const mood = this.healed ? "well" : (this.#moods.get(channel) ?? "well")
    return this.#courseIn(mood === "mixed" ? this.#dice.weigh({ ...moods, mixed: 0 }) : mood)
  }

  #courseIn(mood: Mood): Course {
    const dice = this.#dice
    const writtenMs = dice.between(1, 20)
    const quickMs = writtenMs + dice.between(1, 60)
    const answers = (outcome: Outcome, endMs = quickMs): Course => ({ writtenMs, endMs, outcome })
    const breaks = (outcome: Outcome, endMs: number): Course => ({
      writtenMs: outcome.kind === "fault" && outcome.written ? writtenMs : null,
      endMs,
      outcome,
    })
    const typed = () => answered(dice.pick([200, 400, 422, 500]), `{"type":"${dice.pick(errorTypes)}","message":"no"}`)
    switch (mood) {
      case "slow":
        return answers(answered(200, success), writtenMs + dice.between(900, 6_900))
      case "hanging": {
        const late = dice.pick([answered(200, success), answered(400, '{"type":"bad_request"}'), answered(504, "")])
        return answers(late, dice.chance(0.5) ? Number.POSITIVE_INFINITY : dice.between(6_500, 35_000))
      }
      case "unreachable": {
        const code = dice.pick([
          "connection_refused",
          "name_failed",
          "unreachable",
          "tls_failed",
          "tls_expired",
        ] as const)
        return dice.chance(0.2)
          ? breaks(fault("connect_timeout", false), dice.between(4_000, 9_000))
          : breaks(fault(code, false), dice.between(1, 30))
      }
      case "breaking":
        return breaks(fault(dice.pick(["connection_reset", "bad_answer"]), dice.chance(0.7)), dice.between(21, 3_000))
      case "failing":
        return dice.chance(0.2)
          ? answers(answered(503, "", { "retry-after": dice.pick(["1", "30", "600"]) }))
          : answers(answered(dice.pick([500, 502, 503, 504]), "<html>oops</html>"))
      case "limiting":
        return dice.chance(0.3)
          ? answers(answered(200, success))
          : answers(
              answered(
                429,
                "",
                dice.chance(0.7) ? { "retry-after": dice.pick(["0", "1", "20", "60", "61", "7200"]) } : {},
              ),
            )
      case "picky":
        if (dice.chance(0.03)) return answers(answered(401, ""))
        return dice.chance(0.5)
          ? answers(answered(dice.pick([301, 400, 403, 404, 408, 410, 425]), "no"))
          : answers(typed())
      default:
        return answers(answered(dice.pick([200, 200, 201, 204]), dice.pick(bodies)))
    }
  }
}

/** A simulated process's way out. The body of a webhook names its delivery, its attempt and its channel. */
export function simulatedDialer(timeline: Timeline, owner: Owner, partners: Partners, witness: Witness): Dialer {
  return {
    addressOf: async () => ({ problem: "nobody dials past the simulated dialer" }),
    start(request, { limitMs, mayWrite = () => true }) {
      const [delivery, attempt, channel] = JSON.parse(request.body) as [number, number, number]
      const course = partners.course(channel)
      witness.dialled(delivery, attempt, owner)
      return startExchange(timeline, owner, course, limitMs, {
        mayWrite,
        written: () => witness.written(delivery, attempt),
        reported: (outcome, tookMs) => witness.reported(delivery, attempt, outcome, tookMs),
      })
    },
    close: async () => {},
  }
}

interface Listener {
  mayWrite(): boolean
  written(): void
  reported(outcome: Outcome, tookMs: number): void
}

function startExchange(
  timeline: Timeline,
  owner: Owner,
  course: Course,
  limitMs: number,
  listener: Listener,
): Exchange {
  const startMs = timeline.nowMs
  let written = false
  let ended = false
  let settle: (report: Report) => void = () => {}
  const report = new Promise<Report>((resolve) => {
    settle = resolve
  })
  const moments: Moment[] = []
  const phase = (): Phase => (written ? "headers" : "connect")
  const end = (outcome: Outcome): void => {
    if (ended) return
    ended = true
    for (const moment of moments) moment.run = null
    const tookMs = timeline.nowMs - startMs
    listener.reported(outcome, tookMs)
    settle({ outcome, timing: { total: tookMs }, address: null })
  }
  const { writtenMs, endMs } = course
  if (writtenMs !== null && writtenMs <= limitMs)
    moments.push(
      timeline.at(startMs + writtenMs, owner, () => {
        if (!listener.mayWrite()) return end(fault("interrupted", false))
        written = true
        listener.written()
      }),
    )
  moments.push(
    timeline.at(startMs + Math.min(endMs, limitMs), owner, () =>
      end(
        endMs <= limitMs
          ? course.outcome
          : { kind: "fault", code: "timeout", reason: "no answer came", written, phase: phase() },
      ),
    ),
  )
  return {
    report,
    progress: () => ({ written, phase: phase(), timing: { total: timeline.nowMs - startMs }, address: null }),
    abort: () => end({ kind: "fault", code: "aborted", reason: "given up", written, phase: phase() }),
  }
}
