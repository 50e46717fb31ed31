/**
 * The four kinds of failure and where each ends (house rule: never mixed).
 * `HttpError` is the caller's fault and becomes its own status. `OutageError` is ours: 503 with Retry-After. A partner's failure is no error at
 * all but a value kept as an attempt. Anything else is a bug: 500 with a request id, logged once.
 */

/** The caller's fault, answered in the vendor's `_error` form. `details` name fields, one sentence each. */
export class HttpError extends Error {
  readonly status: number
  readonly title: string
  readonly details: string[]
  readonly code: string
  /** What else `_error` says: members of ours, for our own browsers. */
  readonly more: object

  constructor(
    status: number,
    message: string,
    options: { title?: string; code?: string; details?: string[]; more?: object } = {},
  ) {
    super(message)
    this.status = status
    this.title = options.title ?? titles[status] ?? "Error"
    this.details = options.details ?? []
    this.code = options.code ?? codes[status] ?? "error"
    this.more = options.more ?? {}
  }
}

/** 301: what the path names as `from` lives on as `to`; the answer's Location is the path with the one in place of the other. */
export class MovedError extends HttpError {
  readonly from: string
  readonly to: string

  constructor(what: string, from: string, to: string) {
    super(301, `This ${what} was merged into ${to}`, { title: "Moved permanently", code: "moved" })
    this.from = from
    this.to = to
  }
}

/** Something of ours does not answer for the moment (database, disk, full queue): 503, try again after `retryAfterSeconds`. */
export class OutageError extends Error {
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds = 1, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Payload too large",
  415: "Unsupported media type",
  422: "Unprocessable",
  429: "Too many requests",
}

const codes: Record<number, string> = {
  400: "bad_request",
  401: "authentication_required",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  409: "conflict",
  413: "too_large",
  415: "unsupported_media_type",
  429: "too_many_requests",
}

/** 400. `field` is where it is wrong ("body.sender.handle"), `problem` what is wrong ("is required"). */
export const invalid = (field: string, problem: string): HttpError =>
  new HttpError(400, `Body did not satisfy requirements: ${field} ${problem}`, { details: [`${field} ${problem}`] })

/** 404. A foreign id is answered exactly like a missing one. */
export const notFound = (what: string, id: string): HttpError => new HttpError(404, `Unknown ${what} ID ${id}`)

export const forbidden = (message: string): HttpError => new HttpError(403, message)

export const unauthenticated = (message = "JSON Web Token error"): HttpError => new HttpError(401, message)
