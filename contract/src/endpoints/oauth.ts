/**
 * OAuth 2.0 for integrations that a customer installs: clients are made by an admin (ours), the two endpoints that an integration calls are the
 * vendor's (`/oauth/authorize`, `/oauth/token`). Only the authorization code grant, as there; PKCE (RFC 7636, S256) may be used.
 */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax, urlCharsMax } from "../limits.ts"
import { nullable, seconds } from "../shapes.ts"

/** One parameter of an OAuth request. RFC 6749 sets no bound; ours is above what any client is known to put into `state`. */
const Parameter = Type.Optional(Type.String({ maxLength: 4000 }))

const settings = {
  name: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  redirect_uris: Type.Array(Type.String({ minLength: 1, maxLength: urlCharsMax }), { minItems: 1, maxItems: 20 }),
  scopes: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 200 }),
  rotates_refresh_tokens: Type.Optional(
    Type.Boolean({
      description:
        "every refresh answers a new refresh token and ends the one before. False, as the vendor does it: the same one comes back until its last day",
    }),
  ),
}

export const NewOauthClient = Type.Object(settings)
export type NewOauthClient = Static<typeof NewOauthClient>
export const OauthClientChange = Type.Partial(NewOauthClient)
export type OauthClientChange = Static<typeof OauthClientChange>

/** A client as it is shown: never its secret. */
export const OauthClientView = Type.Object({
  client_id: Type.String(),
  name: Type.String(),
  redirect_uris: Type.Array(Type.String()),
  scopes: Type.Array(Type.String()),
  rotates_refresh_tokens: Type.Boolean(),
  created_at: seconds,
  grants: Type.Array(
    Type.Object({
      id: Type.String(),
      teammate_id: Type.String({ description: "the admin who agreed" }),
      scopes: Type.Array(Type.String()),
      created_at: seconds,
      last_used_at: nullable(seconds),
    }),
    { description: "who has agreed to it, newest first; at most 100" },
  ),
})
export type OauthClientView = Static<typeof OauthClientView>

const ClientSecret = Type.Object({
  client_id: Type.String(),
  client_secret: Type.String({ description: "shown this once" }),
})
const ClientParams = Type.Object({ client_id: Type.String({ maxLength: 100 }) })
const callers = ["token", "session"] as const

export const createOauthClient = endpoint({
  method: "POST",
  path: "/causeway/oauth_clients",
  summary: "Makes an OAuth client and shows its secret, once.",
  callers,
  scope: "tokens:write",
  body: NewOauthClient,
  responses: { 201: ClientSecret },
})

export const listOauthClients = endpoint({
  method: "GET",
  path: "/causeway/oauth_clients",
  summary: "The company's OAuth clients and who has agreed to them.",
  callers,
  scope: "tokens:read",
  responses: { 200: Type.Object({ oauth_clients: Type.Array(OauthClientView) }) },
})

export const getOauthClient = endpoint({
  method: "GET",
  path: "/causeway/oauth_clients/:client_id",
  summary: "One OAuth client.",
  callers,
  scope: "tokens:read",
  params: ClientParams,
  responses: { 200: OauthClientView },
})

export const updateOauthClient = endpoint({
  method: "PATCH",
  path: "/causeway/oauth_clients/:client_id",
  summary: "Changes an OAuth client. A scope taken away is gone from the tokens it holds too.",
  callers,
  scope: "tokens:write",
  params: ClientParams,
  body: OauthClientChange,
  responses: { 200: OauthClientView },
})

export const rotateOauthClientSecret = endpoint({
  method: "POST",
  path: "/causeway/oauth_clients/:client_id/rotate",
  summary: "Gives the client a new secret; the one before ends at once, tokens go on.",
  callers,
  scope: "tokens:write",
  params: ClientParams,
  responses: { 200: ClientSecret },
})

export const deleteOauthClient = endpoint({
  method: "DELETE",
  path: "/causeway/oauth_clients/:client_id",
  summary: "Deletes an OAuth client with every token it holds.",
  callers,
  scope: "tokens:write",
  params: ClientParams,
  responses: { 204: null },
})

export const revokeOauthGrants = endpoint({
  method: "DELETE",
  path: "/causeway/oauth_clients/:client_id/grants",
  summary: "Ends every token the client holds; it may ask an admin again.",
  callers,
  scope: "tokens:write",
  params: ClientParams,
  responses: { 204: null },
})

export const AuthorizationQuery = Type.Object({
  response_type: Parameter,
  client_id: Parameter,
  redirect_uri: Parameter,
  scope: Parameter,
  state: Parameter,
  code_challenge: Parameter,
  code_challenge_method: Parameter,
})
export type AuthorizationQuery = Static<typeof AuthorizationQuery>

export const authorize = endpoint({
  method: "GET",
  path: "/oauth/authorize",
  summary:
    "The page that asks an admin whether an integration may reach the company. Leads to the sign-in when nobody is signed in.",
  callers: ["anyone"],
  scope: null,
  query: AuthorizationQuery,
  responses: { 200: null, 302: null },
})

export const decideAuthorization = endpoint({
  method: "POST",
  path: "/oauth/authorize",
  summary: "The admin's answer, sent by that page: leads back to the integration with a code or with access_denied.",
  callers: ["anyone"],
  scope: null,
  form: true,
  body: Type.Object({ ...AuthorizationQuery.properties, decision: Parameter, proof: Parameter }),
  responses: { 303: null },
})

export const TokenRequest = Type.Object({
  grant_type: Parameter,
  code: Parameter,
  redirect_uri: Parameter,
  code_verifier: Parameter,
  refresh_token: Parameter,
  scope: Parameter,
  client_id: Parameter,
  client_secret: Parameter,
})
export type TokenRequest = Static<typeof TokenRequest>

/** RFC 6749 5.1 with the vendor's `expires_at` beside the RFC's `expires_in`: its clients read the one, libraries the other. */
export const TokenAnswer = Type.Object({
  access_token: Type.String(),
  refresh_token: Type.String(),
  token_type: Type.Literal("Bearer"),
  expires_at: Type.Integer({ description: "seconds since 1970-01-01T00:00Z" }),
  expires_in: Type.Integer({ description: "seconds" }),
  scope: Type.String(),
})
export type TokenAnswer = Static<typeof TokenAnswer>

export const exchangeToken = endpoint({
  method: "POST",
  path: "/oauth/token",
  summary:
    "Exchanges a code or a refresh token for an access token. The client proves itself by Basic authentication or in the body; what is refused is answered as {error, error_description}.",
  callers: ["client"],
  scope: null,
  form: true,
  body: TokenRequest,
  responses: { 200: TokenAnswer },
})

export const revokeOauthToken = endpoint({
  method: "POST",
  path: "/oauth/revoke",
  summary:
    "Ends what a token stands for (RFC 7009): a refresh token its whole grant, an access token itself. 200 for unknown tokens too.",
  callers: ["client"],
  scope: null,
  form: true,
  body: Type.Object({ token: Parameter, token_type_hint: Parameter, client_id: Parameter, client_secret: Parameter }),
  responses: { 200: Type.Object({}) },
})
