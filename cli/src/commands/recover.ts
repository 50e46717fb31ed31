import { setTimeout as pause } from "node:timers/promises"
import { api, type Json } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { parseDuration, timeOf } from "../text.ts"
import { confirm } from "./apps.ts"
import { channelOf } from "./channels.ts"

const spanOptions: Record<string, Option> = {
  channel: { value: "ID", text: "the channel (CAUSEWAY_CHANNEL_ID)" },
  since: { value: "SPAN", text: "how far back: 90s, 15m, 2h, 1d" },
  unknown: { text: "also what may have arrived, and would arrive twice" },
}

interface Span {
  channel_id: string
  /** Seconds since 1970. */
  since: number
  until?: number
  status: string[]
}

function spanOf(call: Call, example: string): Span {
  const seconds = parseDuration(call.option("since") ?? "")
  if (seconds === null) throw usageFailure("--since must be a span of time", example)
  return {
    channel_id: channelOf(call),
    since: Math.max(0, Date.now() / 1000 - seconds),
    status: call.flag("unknown") ? ["failed", "unknown"] : ["failed"],
  }
}

/** Of what is told again. */
interface Told {
  sent: number
  failed: number
  unknown: number
  under_way: number
}

interface Found {
  count: number
  /** Seconds since 1970. */
  oldest_at: number | null
  counted_at: number
  told: Told
}

const count = async (call: Call, span: Span): Promise<Found> =>
  (await api(call, "POST", "/causeway/deliveries/redrive", { body: span })).body

/** Deliveries a second that the server begins with. */
const pace = 20
const planText = ({ count: found, oldest_at: oldest }: Found): string => {
  const what = `${found} ${found === 1 ? "delivery" : "deliveries"} to 1 channel`
  return oldest === null ? what : `${what}, oldest ${timeOf(oldest)}, about ${Math.ceil(found / pace)} s at ${pace}/s`
}

export const plan: Command = {
  options: spanOptions,
  examples: ["causeway log plan --channel cha_8zk --since 1h"],
  async run(call) {
    const found = await count(call, spanOf(call, this.examples[0] as string))
    const { count: deliveries, oldest_at } = found
    call.show({ count: deliveries, oldest_at }, `plan: ${planText(found)}\n`)
    return exit.ok
  },
}

/** In one call; the next one follows when these have begun. */
const chunk = 5 * pace
const lookMs = 1000
/** Nothing became of anything for so long: the rest waits for an offline channel, or for the next of its tries. */
const patienceMs = 20_000

export const recover: Command = {
  options: spanOptions,
  more: `Says how many first, and asks. In each conversation's order, ${pace} a second; it counts what is delivered and what fails again. Ctrl-C stops it: what has begun goes on, the rest stays as it was. Exit code 0: all of it is delivered; 1: some failed again or got no answer; 6: some still waits.`,
  examples: ["causeway log recover --channel cha_8zk --since 1h --yes"],
  async run(call) {
    const asked = spanOf(call, this.examples[0] as string)
    const found = await count(call, asked)
    call.say(`plan: ${planText(found)}\n`)
    if (found.count > 0) await confirm(call, "Continue?")
    // What fails again after this moment is another story: told again here it would never end.
    const span = { ...asked, until: found.counted_at }
    const { begun, told: atFirst } = await tellAll(call, span, found)
    const told = await watch(call, span, atFirst)
    const { under_way: left, ...ended } = told
    call.show({ count: found.count, recovered: begun, ...ended, left }, endText(begun, found.count, told))
    return await verdict(call, span, told)
  },
}

/** Has all of it told again, in portions, until it is stopped. Resolves to how many were begun, and what had become of them when it last looked. */
async function tellAll(call: Call, span: Span, found: Found): Promise<{ begun: number; told: Told }> {
  const { signal } = call.world
  let [begun, told] = [0, found.told]
  for (let left = found.count; left > 0 && !signal.aborted; ) {
    const { body } = await api(call, "POST", "/causeway/deliveries/redrive", {
      body: { ...span, confirm: true, limit: chunk },
    })
    begun += body.count
    left = body.count === 0 ? 0 : body.left
    told = { ...told, under_way: told.under_way + body.count }
    for (let looks = 0; looks < chunk / pace && left > 0 && !signal.aborted; looks++) {
      told = (await count(call, span)).told
      call.progress(begun, begun + left, `${toldText(told)}${Math.ceil(left / pace)} s left`)
      await pause(lookMs, null, { signal }).catch(() => {})
    }
  }
  return { begun, told }
}

/** Looks on until something has become of each, nothing happens any more, or it is stopped. */
async function watch(call: Call, span: Span, atFirst: Told): Promise<Told> {
  const { signal } = call.world
  let [told, ended, movedMs] = [atFirst, -1, Date.now()]
  while (told.under_way > 0 && !signal.aborted && Date.now() - movedMs < patienceMs) {
    told = (await count(call, span)).told
    const now = told.sent + told.failed + told.unknown
    if (now !== ended) {
      call.progress(now, now + told.under_way, `${toldText(told)}ctrl-c stops looking on`)
      movedMs = Date.now()
    }
    ended = now
    if (told.under_way > 0) await pause(lookMs, null, { signal }).catch(() => {})
  }
  return told
}

const countsText = ({ sent, failed, unknown, under_way: left }: Told): string =>
  [
    `${sent} delivered`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} without an answer`] : []),
    ...(left > 0 ? [`${left} under way`] : []),
  ].join(", ")

const toldText = (told: Told): string => `${countsText(told)}   `

const endText = (begun: number, found: number, told: Told): string =>
  begun === 0 ? "nothing to deliver again\n" : `${begun} of ${found} told again: ${countsText(told)}\n`

/** Exit 0, or a `Failure` that says why and what to do about those that were not delivered. */
async function verdict(call: Call, span: Span, { failed, unknown, under_way: left }: Told): Promise<number> {
  if (call.world.signal.aborted) return exit.ok
  if (failed + unknown > 0) {
    const status = failed > 0 ? "failed" : "unknown"
    const { body } = await api(call, "GET", "/causeway/deliveries", {
      query: { channel_id: span.channel_id, status, limit: 100 },
    })
    const first = reasonsOf(body.deliveries)
    const what = failed > 0 ? `${failed} failed again` : `${unknown} got no answer and may have arrived`
    throw new Failure(
      exit.failed,
      `${what}${first === null ? "" : `, most of the newest with "${first.reason}"`}`,
      failed > 0
        ? `causeway log get ${first?.example ?? "dlv_9f2"}; mend what it shows, then causeway log recover --channel ${span.channel_id} --since 15m`
        : `causeway log tail --channel ${span.channel_id} --status unknown --once; ask your provider, then add --unknown`,
    )
  }
  if (left > 0)
    throw new Failure(
      exit.timeout,
      `${left} still wait: the channel is offline, or paused until its server takes one again; they go on by themselves`,
      `causeway channels get ${span.channel_id}`,
    )
  return exit.ok
}

/** What most of these say, and one that says it. */
function reasonsOf(deliveries: Json[]): { reason: string; example: string } | null {
  const byReason = [...Map.groupBy(deliveries, ({ reason }) => String(reason ?? "no reason given"))]
  const [most] = byReason.sort(([, a], [, b]) => b.length - a.length)
  return most === undefined ? null : { reason: most[0], example: most[1][0].id }
}
