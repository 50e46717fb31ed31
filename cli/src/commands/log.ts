import { setTimeout as pause } from "node:timers/promises"
import { parseId } from "@causeway/contract/ids"
import { api, type Json, seg } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { fields, paint, timeOf } from "../text.ts"

const statuses = ["held", "queued", "sending", "waiting", "sent", "failed", "unknown", "cancelled"]
const limitMs = 7000

const filterOptions: Record<string, Option> = {
  channel: { value: "ID", text: "only this channel's" },
  message: { value: "ID", text: "only this message's" },
  status: { value: "STATUS", text: statuses.join(", ") },
}

export const tail: Command = {
  options: {
    ...filterOptions,
    last: { value: "COUNT", text: "how many to begin with; 10 unless given" },
    once: { text: "show what there is, and end" },
  },
  more: "A delivery comes again when its status changes. Ctrl-C ends it.",
  examples: ["causeway log tail", "causeway log tail --channel cha_8zk --status sent --last 50 --once --json"],
  async run(call) {
    const status = call.option("status")
    if (status !== undefined && !statuses.includes(status))
      throw usageFailure(`"${status}" is no status`, `--status ${statuses.join("|")}`)
    const seen = new Map<string, string>()
    const query = { channel_id: call.option("channel"), message_id: call.option("message"), status }
    let limit = Number(call.option("last") ?? 10)
    do {
      const { body } = await api(call, "GET", "/causeway/deliveries", { query: { ...query, limit } })
      for (const delivery of body.deliveries.toReversed()) {
        const state = `${delivery.status} ${delivery.attempts.length}`
        if (seen.get(delivery.id) === state) continue
        seen.set(delivery.id, state)
        call.show(delivery, line(call, delivery))
      }
      limit = 100
    } while (!call.flag("once") && (await pause(1000, true, { signal: call.world.signal })))
    return exit.ok
  },
}

/** `14:31:58  →  message             sent     184 ms  dlv_9f2  reason`. */
function line(call: Call, delivery: Json): string {
  const attempt = delivery.attempts.at(-1)
  const ms = attempt?.timing?.total
  const took = ms === undefined ? "" : `${ms} ms`
  const isLate = ms !== undefined && ms >= limitMs - 1000
  const colour = delivery.status === "sent" ? "green" : delivery.status === "failed" ? "red" : "yellow"
  const status = paint(call.world, colour, delivery.status.padEnd(9))
  const reason = delivery.reason === null ? "" : `  ${delivery.reason}`
  return `${timeOf(delivery.created_at)}  →  ${delivery.type.padEnd(18)}  ${status}  ${(isLate ? `! ${took}` : took).padStart(9)}  ${delivery.id}${reason}\n`
}

/** One delivery with its attempts. Throws a `Failure` where there is none. */
export async function findDelivery(call: Call, id: string): Promise<Json> {
  if (parseId("dlv", id) === null) throw usageFailure(`"${id}" is no id of a delivery`, "causeway log get dlv_9f2")
  try {
    return (await api(call, "GET", `/causeway/deliveries/${seg(id)}`)).body
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== exit.notFound) throw error
    throw new Failure(exit.notFound, `there is no delivery ${id}`, "causeway log tail")
  }
}

export const get: Command = {
  args: ["delivery_id"],
  examples: ["causeway log get dlv_9f2", "causeway log get dlv_9f2 --json"],
  async run(call) {
    const delivery = await findDelivery(call, call.arg(0))
    const { attempts, ...rest } = delivery
    const parts = attempts.map(attemptText)
    call.show(delivery, fields(rest) + parts.join(""))
    return exit.ok
  },
}

function attemptText({ number, outcome, decision, timing, warnings, request, response }: Json): string {
  const phases = Object.entries(timing ?? {}).map(([name, ms]) => `${name} ${ms}`)
  const lines = [
    `attempt ${number}: ${outcome ?? "under way"} → ${decision ?? "?"} (${phases.join(", ")} ms; limit ${limitMs})`,
    ...warnings.map((warning: string) => `  ! ${warning}`),
    ...(request.method === null
      ? []
      : [`  ${request.method} ${request.url}`, ...headerLines(request.headers), `  ${request.body}`]),
    ...(response === null
      ? []
      : [`  ← ${response.status}`, ...headerLines(response.headers), `  ${response.body ?? ""}`]),
  ]
  return `\n${lines.join("\n")}\n`
}

const headerLines = (headers: Json): string[] =>
  Object.entries(headers ?? {}).map(([name, value]) => `  ${name}: ${value}`)

export const replay: Command = {
  args: ["delivery_id"],
  more: "A new delivery, composed and signed anew, after all that waits in its conversation.",
  examples: ["causeway log replay dlv_9f2"],
  async run(call) {
    const { body } = await api(call, "POST", `/causeway/deliveries/${seg(call.arg(0))}/replay`)
    call.show(body, `${body.delivery_id} replays ${call.arg(0)}\n`)
    return exit.ok
  },
}
