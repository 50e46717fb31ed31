/** Set-up, sign-in and tokens. /me is the vendor's; the rest is ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { SessionView, SetupRequest, SetupResult, SetupState } from "../inbox.ts"
import { Identity } from "../resources/company.ts"
import { nullable } from "../shapes.ts"

export const readSetup = endpoint({
  method: "GET",
  path: "/causeway/setup",
  summary: "Whether the first person is still to be set up.",
  callers: ["anyone"],
  scope: null,
  responses: { 200: SetupState },
})

export const setUp = endpoint({
  method: "POST",
  path: "/causeway/setup",
  summary:
    "Makes the company and its first admin with the code from the terminal, signs that person in, and answers an API token that holds every scope.",
  callers: ["anyone"],
  scope: null,
  body: SetupRequest,
  responses: { 201: SetupResult },
})

export const renewSetupCode = endpoint({
  method: "POST",
  path: "/causeway/setup/code",
  summary: "A new set-up code; the one before it is worth nothing from now on. 409 once somebody was set up.",
  callers: ["installation"],
  scope: null,
  responses: { 201: Type.Object({ setup_code: Type.String() }) },
})

const { code: _code, ...newCompany } = SetupRequest.properties
export const NewCompany = Type.Object(newCompany)
export type NewCompany = Static<typeof NewCompany>

export const createCompany = endpoint({
  method: "POST",
  path: "/causeway/companies",
  summary: "Makes another company with its first admin.",
  callers: ["installation"],
  scope: null,
  body: NewCompany,
  responses: { 201: SetupResult },
})

export const getSession = endpoint({
  method: "GET",
  path: "/causeway/session",
  summary: "Who is signed in.",
  callers: ["session"],
  scope: null,
  responses: { 200: SessionView },
})

export const signIn = endpoint({
  method: "POST",
  path: "/causeway/auth/sign-in/email",
  summary: "Signs a teammate in; the session is a cookie.",
  callers: ["anyone"],
  scope: null,
  body: Type.Object({
    email: Type.String({ maxLength: 320 }),
    password: Type.String({ maxLength: 200 }),
  }),
  responses: { 200: Type.Object({}) },
})

export const signOut = endpoint({
  method: "POST",
  path: "/causeway/auth/sign-out",
  summary: "Ends the session.",
  callers: ["anyone"],
  scope: null,
  responses: { 200: Type.Object({}) },
})

export const changePassword = endpoint({
  method: "POST",
  path: "/causeway/auth/change-password",
  summary: "Changes the password and ends every other session of this person.",
  callers: ["session"],
  scope: null,
  body: Type.Object({
    currentPassword: Type.String({ maxLength: 200 }),
    newPassword: Type.String({ minLength: 12, maxLength: 200 }),
  }),
  responses: { 200: Type.Object({}) },
})

export const proveWithPassword = endpoint({
  method: "POST",
  path: "/causeway/auth/prove",
  summary: "Says again who is behind the session: for 10 minutes it may then do what is delicate.",
  callers: ["session"],
  scope: null,
  body: Type.Object({ password: Type.String({ maxLength: 200 }) }),
  responses: { 200: Type.Object({}) },
})

const TokenView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  created_at: Type.Number(),
  last_used_at: nullable(Type.Number()),
})
export type TokenView = Static<typeof TokenView>

/** A session must be an admin's; a token hands on only what it holds; the installation token names the company where there are several. */
const tokenCallers = ["token", "session", "installation"] as const
const InCompany = Type.Object({ company_id: Type.Optional(Type.String()) })

export const createToken = endpoint({
  method: "POST",
  path: "/causeway/tokens",
  summary: "Makes an API token and shows it, once.",
  callers: tokenCallers,
  scope: "tokens:write",
  delicate: true,
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    scopes: Type.Array(Type.String(), { minItems: 1, maxItems: 200 }),
    company_id: Type.Optional(Type.String()),
  }),
  responses: { 201: Type.Object({ id: Type.String(), token: Type.String() }) },
})

export const listTokens = endpoint({
  method: "GET",
  path: "/causeway/tokens",
  summary: "The company's API tokens, without the tokens themselves.",
  callers: tokenCallers,
  scope: "tokens:read",
  query: InCompany,
  responses: { 200: Type.Object({ tokens: Type.Array(TokenView) }) },
})

export const revokeToken = endpoint({
  method: "DELETE",
  path: "/causeway/tokens/:token_id",
  summary: "Revokes an API token.",
  callers: tokenCallers,
  scope: "tokens:write",
  params: Type.Object({ token_id: Type.String() }),
  query: InCompany,
  responses: { 204: null },
})

export const getIdentity = endpoint({
  method: "GET",
  path: "/me",
  summary: "The company that the credential belongs to.",
  callers: ["channel", "token", "session"],
  scope: null,
  responses: { 200: Identity },
})
