/**
 * The seven codes with which a channel may refuse. Source: Channel API guide, "errors"; the HTTP status beside each is ours, platforms read the
 * code first.
 */
export const errorStatus = {
  bad_request: 400,
  authentication_required: 401,
  forbidden: 403,
  not_found: 404,
  request_timeout: 408,
  too_many_requests: 429,
  internal_error: 500,
} as const

export type ChannelErrorCode = keyof typeof errorStatus

/** Thrown by a handler to refuse a webhook: the code decides what the platform does, the message is read by the teammate beside the reply. */
export class ChannelError extends Error {
  override readonly name = "ChannelError"
  readonly code: ChannelErrorCode
  /** Seconds after which it may be tried again; sent as Retry-After. Only with `too_many_requests`. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: ChannelErrorCode, message: string, options: { retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return errorStatus[this.code]
  }

  /** The message itself cannot be sent: an unknown recipient, an attachment of the wrong kind. */
  static badRequest(message: string): ChannelError {
    return new ChannelError("bad_request", message)
  }
  /** The channel's credentials no longer work. The platform takes the channel offline and asks a person to connect it again. */
  static authenticationRequired(message: string): ChannelError {
    return new ChannelError("authentication_required", message)
  }
  /** The credentials work, but not for this. */
  static forbidden(message: string): ChannelError {
    return new ChannelError("forbidden", message)
  }
  /** The conversation or recipient is gone. */
  static notFound(message: string): ChannelError {
    return new ChannelError("not_found", message)
  }
  /** The provider behind the channel did not answer in time. */
  static requestTimeout(message: string): ChannelError {
    return new ChannelError("request_timeout", message)
  }
  /** The provider's limit is reached. @param retryAfterSeconds when to try again */
  static tooManyRequests(message: string, retryAfterSeconds?: number): ChannelError {
    return new ChannelError("too_many_requests", message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds })
  }
  /** Something of ours broke. What a handler throws that is no ChannelError becomes this, without its text. */
  static internalError(message: string): ChannelError {
    return new ChannelError("internal_error", message)
  }
}
