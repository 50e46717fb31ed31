import { ApiError } from "./api.ts"
import { words } from "./words.ts"

const said = words.refused

/** The code of an error whose message is made here, for the screen. */
export const saidHere = "said here"

/**
 * Why the server did not do it, what that means and what to do: sentences for the screen, in its language, after which nothing has to be explained. Only
 * where something has to be corrected do they end with the server's own words, which are quoted as such.
 */
export function refusalOf(error: ApiError): string {
  const { status } = error
  if (error.code === saidHere) return error.message
  if (status === 401) return said.signedOut
  if (status === 403) return error.code === "prove" ? said.unproved : said.forbidden
  if (status === 404 || status === 410) return said.missing
  if (status === 413) return said.tooLarge
  if (status === 429) return said.tooMany(error.retryAfterSeconds)
  if (error.isTemporary) return said.unanswered
  return status === 409 ? said.clash(quoted(error)) : said.incorrect(quoted(error))
}

/** The same of what was only to be shown. */
export function unreadOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  return error.isTemporary ? words.unreachable.text : refusalOf(error)
}

/** The server's reason without the part that is for programs. */
export const reasonOf = ({ message, details }: ApiError): string =>
  (details[0] ?? message).replace(/^Body did not satisfy requirements: /, "").replace(/^(body|query|params)\./, "")

/** In English, and so kept apart from a sentence of another direction. */
const quoted = (error: ApiError): string => `“\u2068${reasonOf(error)}\u2069”`
