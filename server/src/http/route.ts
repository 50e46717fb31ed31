import type { Readable } from "node:stream"
import type { BodyOf, Endpoint, ParamsOf, QueryOf } from "@causeway/contract/endpoint"
import { attachmentBytesMax, jsonBytesMax, partsMax } from "@causeway/contract/limits"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { FileStore } from "../attachments/files.ts"
import { actingAs, actorOf } from "../audit/actor.ts"
import { inSpan } from "../metrics/trace.ts"
import { type CallRecorder, noteBody } from "../traffic/record.ts"
import { authenticate, authorize, isSafe, type Principal, type Verifiers } from "./callers.ts"
import { HttpError } from "./errors.ts"
import { parseJson, refuseKey, refuseUnstorable } from "./json.ts"
import { readForm, type UploadedFile } from "./multipart.ts"
import type { RateLimits } from "./rate-limits.ts"
import { type Check, compileAnswerCheck, compileCheck } from "./validate.ts"

/** One request, checked: the credential holds, params, query and body are as the contract says. */
export interface Call<E> {
  params: ParamsOf<E>
  query: QueryOf<E>
  body: BodyOf<E>
  /** Files of a multipart body, on disk already. */
  files: UploadedFile[]
  principal: Principal
  /** Scheme and host the caller used: links in the answer are built on it. */
  origin: string
  request: FastifyRequest
}

/** `body` is sent as JSON, `text` and `bytes` as they are, all with a Content-Length; a stream as it comes; `hijacked` when the handler has taken over the socket. */
export interface Answer {
  status: number
  body?: unknown
  text?: string
  /** As `text`. One buffer may be on its way to any number of clients. */
  bytes?: Buffer
  stream?: Readable
  headers?: Record<string, string>
  hijacked?: boolean
}

// The table holds endpoints of every shape; `route` checks each against its handler.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Any = any

export type Route = {
  endpoint: Endpoint<Any, Any, Any>
  handle: (call: Call<Any>, reply: FastifyReply) => Promise<Answer>
}

/** Pairs an operation of the contract with what it does. */
export const route = <E>(endpoint: E, handle: (call: Call<E>, reply: FastifyReply) => Promise<Answer>): Route =>
  ({ endpoint, handle }) as unknown as Route

export interface RouteContext {
  verifiers: Verifiers
  files: FileStore
  limits: RateLimits
  /** Keeps what integrations ask, for their builders. */
  recorder?: CallRecorder
  /** Holds every answer against its schema in the contract, and answers 500 where they differ: for tests, it costs as much as the work itself. */
  checksAnswers?: boolean
}

/** Mounts the table. The order of refusals is fixed: who (401), how often (429), whether at all (403), how big (413), which shape (400). */
export function mount(app: FastifyInstance, routes: readonly Route[], context: RouteContext): void {
  for (const { endpoint, handle } of routes) {
    const checkParams = endpoint.params && compileCheck(endpoint.params, "path")
    const checkQuery = endpoint.query && compileCheck(endpoint.query, "query")
    const checkBody = endpoint.body && compileCheck(endpoint.body, "body")
    const checkAnswer = context.checksAnswers === true ? compileAnswerCheck(endpoint) : null
    const meter = context.limits.meter(endpoint)
    const name = `${endpoint.method} ${endpoint.path}`
    const isWatched = context.recorder?.watches(endpoint) ?? false
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      async onRequest(request, reply) {
        let principal: Principal | null = null
        try {
          principal = await authenticate(request, endpoint.callers, context.verifiers)
        } catch (error) {
          meter(request, reply, null)
          throw error
        }
        meter(request, reply, principal)
        if (principal !== null) request.principal = principal // whoever is refused from here on is known
        if (isWatched && (principal?.kind === "channel" || principal?.kind === "token"))
          request.traffic = { endpoint, startedAt: performance.now(), body: null, answer: null }
        request.principal = authorize(request, principal, endpoint)
      },
      async handler(request, reply) {
        refuseUnstorableAddress(request)
        checkParams?.(request.params, true)
        checkQuery?.(request.query, true)
        const { body, files } = checkBody
          ? await readBody(request, endpoint, checkBody, context.files)
          : { body: undefined, files: [] }
        const call = {
          params: request.params,
          query: request.query,
          body,
          files,
          principal: request.principal,
          origin: request.origin,
          request,
        }
        // biome-ignore lint/suspicious/noExplicitAny: checked against the endpoint just above
        const checked = call as Call<any>
        const answer = await inSpan(name, {}, () => actingAs(actorBehind(request), () => handle(checked, reply)))
        checkAnswer?.(answer)
        if (!answer.hijacked) send(reply, answer)
        return reply
      },
    })
  }
}

/** Reading changes nothing, so nobody has to be named. */
const actorBehind = (request: FastifyRequest) =>
  isSafe(request.method)
    ? null
    : actorOf(request.principal, { address: request.address, browser: request.headers["user-agent"] })

/** What the path and the query hold goes into statements as it is. */
function refuseUnstorableAddress({ params, query }: FastifyRequest): void {
  for (const text of [...Object.values(params as object), ...Object.values(query as object)].flat())
    refuseUnstorable(String(text), "The address")
}

/** What the parts of a form hold, and the most that their heads may take (see `openParser`). */
const formBytesMax = attachmentBytesMax + partsMax * 17 * 1024

async function readBody(
  request: FastifyRequest,
  { multipart = false, fileField = "attachments", form = false }: Endpoint,
  check: Check,
  store: FileStore,
): Promise<{ body: unknown; files: UploadedFile[] }> {
  const contentType = request.headers["content-type"] ?? ""
  if (/^multipart\/form-data/i.test(contentType)) {
    if (!multipart) throw new HttpError(415, "This operation takes JSON, not a multipart form")
    refuseDeclared(request, formBytesMax)
    const form = await readForm(request.raw, contentType, store, fileField)
    noteBody(request, JSON.stringify(form.body ?? null))
    check(form.body, true)
    return form
  }
  if (form && /^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    const body = readFields(await readBytes(request.raw, jsonBytesMax))
    check(body, true)
    return { body, files: [] }
  }
  if (
    contentType !== "" &&
    !/^application\/([\w.+-]+\+)?json\b/i.test(contentType) &&
    !/^text\/plain\b/i.test(contentType)
  ) {
    throw new HttpError(
      415,
      `Content-Type must be application/json${multipart ? " or multipart/form-data" : ""}, was ${contentType.slice(0, 100)}`,
    )
  }
  const encoding = request.headers["content-encoding"]
  if (encoding !== undefined && encoding !== "identity")
    throw new HttpError(415, `Content-Encoding ${encoding.slice(0, 40)} is not taken: send the body as it is`)
  refuseDeclared(request, jsonBytesMax)
  const bytes = await readBytes(request.raw, jsonBytesMax)
  noteBody(request, bytes)
  const body = parseJson(bytes)
  check(body, false)
  return { body, files: [] }
}

/** Names and values of an urlencoded form. A name that comes twice is refused: which one counts would be a guess (RFC 6749 3.1 forbids it). */
function readFields(bytes: Buffer): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(bytes.toString("utf8"))) {
    refuseKey(name)
    refuseUnstorable(value)
    if (name in fields) throw new HttpError(400, `Body has the field ${name.slice(0, 100)} twice`)
    fields[name] = value
  }
  return fields
}

/** A body that says itself that it is too large is refused before any of it is read. */
function refuseDeclared(request: FastifyRequest, bytesMax: number): void {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax)
}

const tooLarge = (bytesMax: number): HttpError =>
  new HttpError(413, `Body is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB`)

async function readBytes(source: Readable, bytesMax: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of source as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > bytesMax) throw tooLarge(bytesMax)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function send(reply: FastifyReply, answer: Answer): void {
  reply.code(answer.status)
  if (answer.headers) reply.headers(answer.headers)
  if (answer.stream) reply.send(answer.stream)
  else if (answer.text !== undefined || answer.bytes !== undefined) reply.send(answer.text ?? answer.bytes)
  else if (answer.body === undefined) reply.send()
  // Whole strings, never chunks: one client drops bodies that come without a Content-Length.
  else reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(answer.body))
}

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal
  }
}
