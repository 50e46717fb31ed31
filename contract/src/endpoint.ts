/** One HTTP operation, said once: the server's routes, the checks, the OpenAPI document and the typed clients come out of it. */
import type { Static, TObject, TSchema } from "typebox"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/**
 * Who may call: `channel` a channel's JWT (HS256, iss = app uid, sub = channel id) · `token` an API token holding `scope` · `session` a
 * signed-in teammate · `installation` the token in the data directory · `client` an OAuth client with its id and secret · `anyone`.
 */
export type Caller = "channel" | "token" | "session" | "installation" | "client" | "anyone"

export interface Endpoint<
  Params extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema = TSchema,
> {
  readonly method: Method
  /** Path segments with a leading colon are parameters, decoded once. */
  readonly path: string
  readonly summary: string
  readonly callers: readonly Caller[]
  /** What an API token must hold, e.g. "messages:write"; null: any token will do. */
  readonly scope: string | null
  /** Whether a session must have proved who it is within the last 10 minutes: 403 with the code `prove` otherwise. */
  readonly delicate?: boolean
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Whether the body may come as multipart/form-data with files under `fileField`. */
  readonly multipart?: boolean
  /** What the file parts of a form are named; `attachments` unless said. */
  readonly fileField?: string
  /** Whether the body may come as application/x-www-form-urlencoded. */
  readonly form?: boolean
  /** Success answers by status; null: no body. */
  readonly responses: Readonly<Record<number, TSchema | null>>
}

export const endpoint = <P extends TObject, Q extends TObject, B extends TSchema>(
  e: Endpoint<P, Q, B>,
): Endpoint<P, Q, B> => e

export type ParamsOf<E> = E extends Endpoint<infer P, TObject, TSchema> ? Static<P> : never
export type QueryOf<E> = E extends Endpoint<TObject, infer Q, TSchema> ? Static<Q> : never
export type BodyOf<E> = E extends Endpoint<TObject, TObject, infer B> ? Static<B> : never
