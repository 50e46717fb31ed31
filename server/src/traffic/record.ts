import type { Endpoint } from "@causeway/contract/endpoint"
import { parseId } from "@causeway/contract/ids"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Database } from "../database/database.ts"
import { storable } from "../database/storable.ts"
import { keptBytesMax } from "../delivery/outcome.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"

/** A process keeps so many calls a second, and so many more that were refused; a busy integration must not pay for its log. */
const keptPerSecond = { fine: 50, refused: 100 }
const flushMs = 250
const queueMax = 1_000
const removeEveryMs = 10 * 60_000
const removedAtOnce = 2_000

interface Call {
  companyId: number
  id: number
  channelId: number | null
  at: Date
  what: string
  method: string
  url: string
  status: number
  tookMs: number
  headers: Record<string, string>
  requestBody: string | null
  responseBody: string | null
  externalId: string | null
  messageUid: string | null
  skipped: number
}

/** Keeps what integrations ask of the API: after their answers have left, in batches, so much a second and no more. Nothing waits for it. */
export interface CallRecorder {
  /** Whether calls of this operation are kept at all. */
  watches(endpoint: Endpoint): boolean
  /** Resolves when what was noted so far can be read. */
  flush(): Promise<void>
  stop(): Promise<void>
}

export interface RecorderDeps {
  db: Database
  ids: Ids
  log: Log
  config: { keepDeliveriesDays: number }
}

/** The body as it came, or as its form said; set by the route while it reads. */
export const noteBody = (request: FastifyRequest, text: Buffer | string): void => {
  if (request.traffic !== undefined) request.traffic.body = text
}

declare module "fastify" {
  interface FastifyRequest {
    traffic?: { endpoint: Endpoint; startedAt: number; body: Buffer | string | null; answer: string | null }
  }
}

/** Whether one more of its kind may be kept in this second. `nowMs`: wall clock. */
export function perSecond(nowMs: () => number): (kind: keyof typeof keptPerSecond) => boolean {
  let second = 0
  let kept = { fine: 0, refused: 0 }
  return (kind) => {
    const now = Math.floor(nowMs() / 1000)
    if (now !== second) {
      second = now
      kept = { fine: 0, refused: 0 }
    }
    return kept[kind]++ < keptPerSecond[kind]
  }
}

export function startRecording(app: FastifyInstance, deps: RecorderDeps): CallRecorder {
  const { db, ids, log } = deps
  let queue: Call[] = []
  let writing: Promise<void> = Promise.resolve()
  const hasRoom = perSecond(Date.now)
  let skipped = 0

  app.addHook("onSend", async (request, _reply, payload) => {
    if (request.traffic !== undefined && typeof payload === "string") request.traffic.answer = payload
    return payload
  })
  app.addHook("onResponse", async (request, reply) => {
    const { traffic, principal } = request
    if (traffic === undefined || principal === null || !("companyId" in principal)) return
    const kind = reply.statusCode < 400 ? "fine" : "refused"
    if (queue.length >= queueMax || !hasRoom(kind)) {
      skipped++
      return
    }
    const before = skipped
    skipped = 0
    // Numbered now, not when it is written: the log is in the order of the numbers.
    await ids.reserve(1)
    queue.push({
      ...callOf(request, reply.statusCode),
      id: ids.take(),
      companyId: principal.companyId,
      skipped: before,
    })
  })

  async function write(): Promise<void> {
    const batch = queue
    queue = []
    if (batch.length === 0) return
    try {
      await insertCalls(db, batch)
    } catch (error) {
      log.error({ err: error, calls: batch.length }, "traffic.not_recorded")
    }
  }
  const flush = (): Promise<void> => {
    writing = writing.then(write)
    return writing
  }
  const flushing = setInterval(() => void flush(), flushMs)
  const removing = setInterval(() => void removeOld(deps).catch(() => {}), removeEveryMs)
  flushing.unref()
  removing.unref()
  return {
    watches: ({ callers }) => callers.includes("channel"),
    flush,
    async stop() {
      clearInterval(flushing)
      clearInterval(removing)
      await flush()
    },
  }
}

function callOf(request: FastifyRequest, status: number): Omit<Call, "companyId" | "id" | "skipped"> {
  const { traffic, principal } = request
  const { endpoint, startedAt, body, answer } = traffic as NonNullable<FastifyRequest["traffic"]>
  const requestBody = body === null ? null : firstBytes(body)
  const params = request.params as Record<string, string>
  return {
    channelId:
      principal.kind === "channel"
        ? principal.channelId
        : status === 404
          ? null
          : parseId("cha", params.channel_id ?? ""),
    at: new Date(),
    what: nameOf(endpoint),
    method: request.method,
    url: storable(request.url.slice(0, 2000)),
    status,
    tookMs: performance.now() - startedAt,
    headers: headersOf(request),
    requestBody,
    responseBody: answer === null ? null : firstBytes(answer),
    externalId:
      params.message_ext_id ??
      params.external_call_id ??
      fieldIn(requestBody, /"external_(?:call_)?id":"((?:[^"\\]|\\.){1,255})"/),
    messageUid: fieldIn(answer, /"message_uid":"(\w{1,64})"/),
  }
}

/** `POST /channels/:channel_id/inbound_messages` is known as `POST inbound_messages`. */
const nameOf = ({ method, path }: Endpoint): string => {
  const words = path.split("/").filter((part) => part !== "" && !part.startsWith(":"))
  return `${method} ${words.length > 1 && words[0] === "channels" ? words.slice(1).join("/") : words.join("/")}`
}

const shownHeaders = ["content-type", "content-length", "user-agent", "accept", "x-request-id"]

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  const shown = Object.fromEntries(
    shownHeaders.flatMap((name) =>
      headers[name] === undefined ? [] : [[name, storable(String(headers[name]).slice(0, 500))]],
    ),
  )
  return { ...shown, ...(headers.authorization !== undefined && { authorization: "Bearer •••" }) }
}

function firstBytes(body: Buffer | string): string {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.slice(0, keptBytesMax))
  return storable(new TextDecoder().decode(bytes.subarray(0, keptBytesMax), { stream: true }))
}

/** JSON text is looked into as text: it may be cut, and it is only a hint for who searches. */
function fieldIn(text: string | null, field: RegExp): string | null {
  const [, found] = (text === null ? null : field.exec(text)) ?? []
  if (found === undefined) return null
  try {
    return storable(String(JSON.parse(`"${found}"`)))
  } catch {
    return null
  }
}

/** Calls that were answered shortly before or after a person was erased are left out: they wait here while the log is cleared, at every process. */
async function insertCalls(db: Database, calls: readonly Call[]): Promise<void> {
  await db.query({
    name: "traffic.record",
    text: `insert into api_call (company_id, id, at, channel_id, what, method, url, status, took_ms, request_headers, request_body, response_body,
             external_id, message_uid, skipped)
           select * from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[], $9::real[],
             $10::jsonb[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[]) as call (company_id, id, at)
           where not exists (select from erasure where erasure.company_id = call.company_id and erasure.erased_at > call.at - interval '10 s')`,
    values: [
      calls.map((call) => call.companyId),
      calls.map((call) => call.id),
      calls.map((call) => call.at),
      calls.map((call) => call.channelId),
      calls.map((call) => call.what),
      calls.map((call) => call.method),
      calls.map((call) => call.url),
      calls.map((call) => call.status),
      calls.map((call) => Math.round(call.tookMs * 10) / 10),
      calls.map((call) => JSON.stringify(call.headers)),
      calls.map((call) => call.requestBody),
      calls.map((call) => call.responseBody),
      calls.map((call) => call.externalId),
      calls.map((call) => call.messageUid),
      calls.map((call) => call.skipped),
    ],
  })
}

/** Step by step what is older than the delivery log keeps. Walks api_call_at. */
export async function removeOld({ db, config }: Pick<RecorderDeps, "db" | "config">): Promise<void> {
  for (;;) {
    const rows = await db.query({
      name: "traffic.remove_old",
      text: `delete from api_call where ctid = any(array(
               select ctid from api_call where at < now() - $1 * interval '1 day' order by at limit ${removedAtOnce})) returning id`,
      values: [config.keepDeliveriesDays],
    })
    if (rows.length < removedAtOnce) return
  }
}
