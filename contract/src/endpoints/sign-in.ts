/** Ways to sign in besides e-mail and password: passkeys and the operator's identity provider. All of it is ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax, passkeyIdCharsMax } from "../limits.ts"
import { anyObject, nullable, seconds } from "../shapes.ts"

const session = ["session"] as const
const anyone = ["anyone"] as const
/** As the Web Authentication API gives and takes it; checked there. */
const Options = Type.Object({ options: anyObject })
const Response = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: passkeyIdCharsMax }) },
  { additionalProperties: true, description: "a PublicKeyCredential as JSON" },
)

export const Passkey = Type.Object({
  id: Type.String({ description: "the credential's, base64url" }),
  name: Type.String(),
  created_at: seconds,
  last_used_at: nullable(seconds),
})
export type Passkey = Static<typeof Passkey>

export const listPasskeys = endpoint({
  method: "GET",
  path: "/causeway/auth/passkeys",
  summary: "One's own passkeys, oldest first.",
  callers: session,
  scope: null,
  responses: { 200: Type.Object({ passkeys: Type.Array(Passkey) }) },
})

export const newPasskey = endpoint({
  method: "POST",
  path: "/causeway/auth/passkeys/options",
  summary: "What the browser asks an authenticator for, for a new passkey; good for 10 minutes.",
  callers: session,
  scope: null,
  delicate: true,
  responses: { 200: Options },
})

export const addPasskey = endpoint({
  method: "POST",
  path: "/causeway/auth/passkeys",
  summary: "Keeps the passkey that the authenticator made.",
  callers: session,
  scope: null,
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: nameCharsMax }), response: Response }),
  responses: { 201: Type.Object({ id: Type.String() }) },
})

export const deletePasskey = endpoint({
  method: "DELETE",
  path: "/causeway/auth/passkeys/:passkey_id",
  summary: "Forgets one of one's own passkeys: it lets nobody in any more.",
  callers: session,
  scope: null,
  delicate: true,
  params: Type.Object({ passkey_id: Type.String({ maxLength: passkeyIdCharsMax }) }),
  responses: { 204: null },
})

export const beginPasskey = endpoint({
  method: "POST",
  path: "/causeway/auth/sign-in/passkey/options",
  summary: "What the browser asks an authenticator for, to sign in; good for 10 minutes and once.",
  callers: anyone,
  scope: null,
  responses: { 200: Options },
})

export const signInWithPasskey = endpoint({
  method: "POST",
  path: "/causeway/auth/sign-in/passkey",
  summary: "Signs in whoever the passkey belongs to; the session is a cookie.",
  callers: anyone,
  scope: null,
  body: Type.Object({ response: Response }),
  responses: { 200: Type.Object({}) },
})

export const proveWithPasskey = endpoint({
  method: "POST",
  path: "/causeway/auth/prove/passkey",
  summary: "The same as with the password, with a passkey of the session's own person and the options of a sign-in.",
  callers: session,
  scope: null,
  body: Type.Object({ response: Response }),
  responses: { 200: Type.Object({}) },
})

export const beginProvider = endpoint({
  method: "POST",
  path: "/causeway/auth/provider",
  summary:
    "Begins a visit to the identity provider, from our own pages alone, and answers its address; 404 when none is set.",
  callers: anyone,
  scope: null,
  responses: { 200: Type.Object({ url: Type.String() }) },
})

export const finishProvider = endpoint({
  method: "GET",
  path: "/causeway/auth/provider/callback",
  summary:
    "Where the provider sends the person back to: signs in an existing teammate, or leads to the sign-in page, which says why not.",
  callers: anyone,
  scope: null,
  query: Type.Object({}, { additionalProperties: true }),
  responses: { 303: null },
})
