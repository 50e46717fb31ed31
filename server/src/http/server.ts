import { randomUUID } from "node:crypto"
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify"
import type { Log } from "../log.ts"
import { requestSeconds } from "../metrics/meters.ts"
import { HttpError, MovedError, OutageError } from "./errors.ts"
import { addressOf, isHttpsBefore, trustOf } from "./proxies.ts"
import { createRefusalLog, type RefusalLog } from "./refusals.ts"
import { boundUnread, type UnreadLimits } from "./unread.ts"

/** How people and partners reach the server, as the configuration has it. */
export interface Reach {
  publicUrl?: string | null
  trustedProxies?: readonly string[]
}

/** A bare HTTP server with our limits and the vendor's error form; routes are mounted by `route.ts`. */
export function createHttpServer(log: Log, reach: Reach = {}, unread?: UnreadLimits): FastifyInstance {
  const noteUnread = boundUnread(unread)
  const isHttps = reach.publicUrl?.startsWith("https:") === true
  const logs = { log, refusals: createRefusalLog(log) }
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024 * 1024, // the real bounds are in route.ts, per kind of body
    routerOptions: { maxParamLength: 1000 },
    rewriteUrl: (request) => withoutTrailingSlash(request.url ?? "/"),
    connectionTimeout: 120_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    genReqId: () => randomUUID(),
    return503OnClosing: false, // its answer has no Retry-After: see below
    frameworkErrors: (error, request, reply) =>
      answerError(error, request as FastifyRequest, reply as unknown as FastifyReply, logs),
  })
  // Node would answer an expectation that it does not know by itself, without a body; RFC 9110, 10.1.1, lets a server pass over it.
  app.server.on("checkExpectation", app.routing)
  // Bodies are read in route.ts after the caller is known, so Fastify must leave every stream alone.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined))
  app.decorateRequest("principal", null as never)
  tellCallers(app, reach)
  app.setErrorHandler((error, request, reply) => answerError(error as FastifyError, request, reply, logs))
  app.setNotFoundHandler((request, reply) =>
    answerError(
      new HttpError(404, `No operation ${request.method} ${request.url.split("?")[0]?.slice(0, 200)}`),
      request,
      reply,
      logs,
    ),
  )
  let isClosing = false
  app.addHook("preClose", async () => {
    isClosing = true
  })
  // What comes on a connection that is still open while the server stops is to come back: to another server, or to this one when it has started again.
  app.addHook("onRequest", async () => {
    if (isClosing) throw new OutageError("this server is stopping", 1)
  })
  app.addHook("onResponse", async (request, reply) => {
    const operation = `${request.method} ${request.routeOptions.url ?? "unknown"}`
    requestSeconds.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  app.addHook("onSend", async (request, reply, payload) => {
    reply.header("x-content-type-options", "nosniff")
    if (isHttps || request.origin.startsWith("https:")) reply.header("strict-transport-security", "max-age=31536000")
    if (typeof payload === "string") noteUnread(reply.raw, payload.length)
    // No answer is a page for anybody, and what it leads to need not know from where; routes that know better have said so.
    for (const [name, value] of Object.entries(shut)) if (!reply.hasHeader(name)) reply.header(name, value)
    // Data belongs to whoever asked.
    const isData = String(reply.getHeader("content-type")).startsWith("application/json")
    if (isData && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store")
    return payload
  })
  return app
}

/** What an answer says that is not meant to be shown. */
export const shut = {
  "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
}

/** Gives requests their caller's address and the origin that the caller used: behind a proxy both are other than the connection's. */
function tellCallers(app: FastifyInstance, { publicUrl = null, trustedProxies = [] }: Reach): void {
  const trust = trustOf(trustedProxies)
  const url = publicUrl === null ? null : new URL(publicUrl)
  /** A proxy in front ends TLS: it says so itself, or the request came for the address that people use. */
  const isHttps = (request: FastifyRequest): boolean =>
    isHttpsBefore(request.raw, trust) || (url?.protocol === "https:" && request.host === url.host)
  app.decorateRequest("address", {
    getter() {
      return addressOf(this.raw, trust)
    },
  })
  app.decorateRequest("origin", {
    getter() {
      return `${isHttps(this) ? "https" : this.protocol}://${this.host}`
    },
  })
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who is calling; see `addressOf`. */
    address: string
    /** Scheme and host that the caller used: `https://inbox.example.com`. */
    origin: string
  }
}

/** The vendor writes some paths with a slash at their end (`PATCH /comments/{comment_id}/`): both forms are one operation. The inbox's pages keep theirs. */
const withoutTrailingSlash = (url: string): string =>
  url.startsWith("/app/") ? url : url.replace(/^([^?]*[^/?])\/(?=\?|$)/, "$1")

/** The vendor's form: `{"_error":{status,title,message,details?}}`. A bug answers with its request id and nothing of itself. */
function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, refusals }: { log: Log; refusals: RefusalLog },
): FastifyReply {
  const failure = classify(error)
  if (failure.status >= 500) {
    log[failure.status === 503 ? "warn" : "error"](
      {
        request_id: request.id,
        method: request.method,
        path: request.routeOptions?.url ?? "?",
        status: failure.status,
        err: error,
      },
      failure.status === 503 ? "http.outage" : "http.bug",
    )
  }
  if (failure.status < 500) refusals(request, failure)
  if (failure.retryAfterSeconds !== undefined) reply.header("retry-after", String(failure.retryAfterSeconds))
  if (error instanceof MovedError) reply.header("location", placeOf(error, request))
  // The rest of an unread body would otherwise be taken for the next request.
  if (!request.raw.complete) reply.header("connection", "close")
  const message = failure.status === 500 ? `Internal error; its id in the log is ${request.id}` : failure.message
  return reply
    .code(failure.status)
    .header("content-type", "application/json; charset=utf-8")
    .send(
      JSON.stringify({
        _error: {
          status: failure.status,
          title: failure.title,
          message,
          ...(failure.details.length > 0 && { details: failure.details }),
          ...(error instanceof HttpError && error.more),
        },
      }),
    )
}

/** On the origin that the caller used, like every link. */
function placeOf({ from, to }: MovedError, request: FastifyRequest): string {
  const [path = "", query] = request.url.split("?", 2)
  const segments = path
    .split("/")
    .map((segment) => (segment !== "" && decodeURIComponent(segment) === from ? to : segment))
  return `${request.origin}${segments.join("/")}${query === undefined ? "" : `?${query}`}`
}

interface Failure {
  status: number
  title: string
  message: string
  details: string[]
  retryAfterSeconds?: number
}

/** SQLSTATEs of a transaction that lost to another one, and left nothing behind: the same request may well be done a moment later. */
const isLockTrouble = (error: Error): boolean =>
  ["40001", "40P01", "55P03"].includes((error as { code?: string }).code ?? "")

function classify(error: FastifyError | Error): Failure {
  if (error instanceof HttpError) return error
  if (error instanceof OutageError) {
    return {
      status: 503,
      title: "Unavailable",
      message: `Try again in ${error.retryAfterSeconds} s: ${error.message}`,
      details: [],
      retryAfterSeconds: error.retryAfterSeconds,
    }
  }
  if (isLockTrouble(error))
    return classify(new OutageError("others were changing the same things", 1, { cause: error }))
  const status = (error as FastifyError).statusCode
  if (status !== undefined && status >= 400 && status < 500) return new HttpError(status, error.message)
  if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return new HttpError(400, "Body was cut off")
  return { status: 500, title: "Internal error", message: error.message, details: [] }
}
