import { randomUUID } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import { postCallback } from "../../shared/callbacks.ts"
import { createFeed, type Feed, Refusal, type Route, readJson, serve } from "../../shared/serve.ts"
import { linePage } from "./page.ts"
import { type EventType, type Line, type Script, type Step, scripts, spoken } from "./scripts.ts"
import { murmur } from "./wav.ts"

/** What the PBX posts. `seq` counts a call's events from 1: they come twice now and then, and not always in order. */
export interface PbxEvent {
  call_id: string
  seq: number
  type: EventType
  /** ms since 1970. */
  at: number
  direction: "inbound" | "outbound"
  number: string
  name: string
  /** The leg that this one was transferred from, or the call that it follows; null on a first one. */
  parent_call_id: string | null
  /** Who has the handset. */
  agent_email?: string
  recording?: { path: string; kind: "call" | "voicemail" }
  lines?: Line[]
  summary?: string
}

export interface PbxOptions {
  port: number
  account: string
  token: string
  /** Who answers; their teammates know them by it. */
  agentEmail?: string
  /** Multiplies every wait of the scripts. Default 1; 0 does everything at once. */
  pace?: number
  /** Everything of a call at its end, backwards and twice. Default false. */
  isUnordered?: boolean
}

export interface Pbx {
  url: string
  /** Somebody calls. Resolves to the id of the first leg when the last event was taken. */
  play(script: Script): Promise<string>
  close(): Promise<void>
}

const logMax = 200

/** A telephone system that plays scripts: an API behind Basic authentication, signed events, and a page on `/` to let people call. */
export async function startPbx(options: PbxOptions): Promise<Pbx> {
  const stopped = new AbortController()
  const line = new Switchboard(options, stopped.signal)
  const served = await serve([...linePage, ...apiRoutes(line, options), ...lineRoutes(line)], { port: options.port })
  return {
    url: served.url,
    play: (script) => line.play(script),
    async close() {
      stopped.abort()
      line.feed.close()
      await served.close()
    },
  }
}

class Switchboard {
  readonly feed: Feed = createFeed()
  readonly log: PbxEvent[] = []
  readonly recordings = new Map<string, Buffer>()
  readonly spoken = new Map<string, string>()
  eventsUrl: string | null = null
  readonly #options: PbxOptions
  readonly #signal: AbortSignal

  constructor(options: PbxOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
  }

  async play(script: Script, outbound?: { callId: string; parentId: string | null }): Promise<string> {
    const { pace = 1, isUnordered = false } = this.#options
    const legs = [outbound?.callId ?? newId(), newId()] as const
    const counts = [0, 0]
    const late: PbxEvent[] = []
    for (const step of script.steps) {
      await wait(step.afterMs * pace, null, { signal: this.#signal })
      const leg = step.leg ?? 0
      counts[leg] = (counts[leg] ?? 0) + 1
      const event = this.#eventOf(script, step, {
        call_id: legs[leg] as string,
        seq: counts[leg] as number,
        parent_call_id: leg > 0 ? legs[0] : (outbound?.parentId ?? null),
        direction: outbound === undefined ? "inbound" : "outbound",
      })
      this.log.push(event)
      if (this.log.length > logMax) this.log.shift()
      this.feed.tell("line", event)
      if (isUnordered) late.unshift(event, event)
      else await this.#post(event)
    }
    for (const event of late) await this.#post(event)
    return legs[0]
  }

  #eventOf(
    { caller }: Script,
    { type, lines, summary, recording }: Step,
    place: Pick<PbxEvent, "call_id" | "seq" | "parent_call_id" | "direction">,
  ): PbxEvent {
    const { agentEmail } = this.#options
    const isTalk = agentEmail !== undefined && ["answered", "transferred"].includes(type)
    return {
      ...place,
      type,
      at: Date.now(),
      number: caller.number,
      name: caller.name,
      ...(isTalk && { agent_email: agentEmail }),
      ...(recording && { recording: { path: `/v1/recordings/${this.#record(lines ?? [])}`, kind: recording } }),
      ...(type === "transcript_ready" && lines && { lines }),
      ...(summary !== undefined && { summary }),
    }
  }

  #record(lines: readonly Line[]): string {
    const id = `RE${randomUUID().replaceAll("-", "")}`
    const voices = lines.map(({ speaker, startSeconds, text }) => ({
      speaker,
      startSeconds,
      seconds: Math.min(3, 0.4 + text.length / 25),
    }))
    this.recordings.set(id, murmur(voices))
    return id
  }

  async #post(event: PbxEvent): Promise<void> {
    if (this.eventsUrl !== null)
      await postCallback(this.eventsUrl, this.#options.token, event, { signal: this.#signal })
  }
}

const newId = (): string => `CA${randomUUID().replaceAll("-", "")}`

/** What channels call. */
function apiRoutes(line: Switchboard, { account, token }: PbxOptions): Route[] {
  const expected = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`
  const guarded =
    (handle: Route[2]): Route[2] =>
    (call) => {
      if (call.request.headers.authorization !== expected) throw new Refusal(401, "unknown account or token")
      return handle(call)
    }
  return [
    [
      "PUT",
      /^\/v1\/webhooks$/,
      guarded(async ({ request }) => {
        line.eventsUrl = String((await readJson(request)).events_url)
        return { status: 204 }
      }),
    ],
    [
      "GET",
      /^\/v1\/recordings\/(\w+)$/,
      guarded(({ params: [id = ""] }) => {
        const body = line.recordings.get(id)
        if (body === undefined) throw new Refusal(404, "no such recording")
        return { headers: { "content-type": "audio/wav" }, body }
      }),
    ],
    [
      "POST",
      /^\/v1\/spoken$/,
      guarded(async ({ request }) => {
        const { to, text, idempotency_key: key, parent_call_id: parent } = await readJson(request, 256 * 1024)
        if (typeof to !== "string" || typeof text !== "string" || typeof key !== "string") {
          throw new Refusal(400, "to, text and idempotency_key must be strings")
        }
        const known = line.spoken.get(key)
        const callId = known ?? newId()
        line.spoken.set(key, callId)
        const parentId = typeof parent === "string" ? parent : null
        if (known === undefined) line.play(spoken(to, text), { callId, parentId }).catch(() => {})
        return { status: 201, body: { call_id: callId } }
      }),
    ],
  ]
}

/** What the page calls. */
function lineRoutes(line: Switchboard): Route[] {
  const named = Object.entries(scripts).map(([id, { name, what, caller }]) => ({ id, name, what, caller }))
  return [
    ["GET", /^\/line$/, () => ({ body: { scripts: named, log: line.log } })],
    [
      "GET",
      /^\/line\/events$/,
      (call) => {
        line.feed.open(call, "line")
        return undefined
      },
    ],
    [
      "POST",
      /^\/line\/calls$/,
      async ({ request }) => {
        // A form of another site cannot send JSON without asking first.
        if (request.headers["content-type"] !== "application/json") throw new Refusal(415, "JSON only")
        const { script } = await readJson(request)
        const chosen = typeof script === "string" && Object.hasOwn(scripts, script) ? scripts[script] : undefined
        if (chosen === undefined) throw new Refusal(404, "no such script")
        line.play(chosen).catch(() => {})
        return { status: 202 }
      },
    ],
  ]
}
