/** Apps (channel types): ours, because the vendor makes them in its screens. A session needs the developer flag or the admin role. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax, urlCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

const Url = Type.String({ minLength: 1, maxLength: urlCharsMax })
const Credential = Type.String({ minLength: 1, maxLength: 4000 })

const ClientAuth = Type.Union([Type.Literal("basic"), Type.Literal("body")], {
  description: "where the token endpoint reads client_id and client_secret (RFC 6749, 2.3.1); basic unless given",
})
const Scope = Type.String({ minLength: 1, maxLength: 2000, pattern: "^[\\x21\\x23-\\x5b\\x5d-\\x7e ]+$" })

/** `refresh_url` is for servers that renew elsewhere than at token_url; `introspect_url` names the channel (RFC 7662). */
const OauthServer = Type.Object({
  type: Type.Literal("oauth2"),
  grant: Type.Union([Type.Literal("authorization_code"), Type.Literal("client_credentials"), Type.Literal("password")]),
  authorize_url: Type.Optional(Url),
  token_url: Url,
  refresh_url: Type.Optional(Url),
  introspect_url: Type.Optional(Url),
  issuer: Type.Optional(
    Type.String({ ...Url, description: "what its answers have to name as `iss` (RFC 9207), letter by letter" }),
  ),
  client_id: Type.Optional(Credential),
  client_secret: Type.Optional(Credential),
  client_auth: Type.Optional(ClientAuth),
  scope: Type.Optional(Scope),
})

/** How the app's server wants to be called. Only oauth2 has more to say than its name. */
export const ServerAuth = Type.Union([
  Type.Object({
    type: Type.Union([Type.Literal("none"), Type.Literal("api_key"), Type.Literal("basic"), Type.Literal("bearer")]),
  }),
  OauthServer,
])
export type ServerAuth = Static<typeof ServerAuth>

export const ContactType = Type.Union([Type.Literal("custom"), Type.Literal("email"), Type.Literal("phone")])
export type ContactType = Static<typeof ContactType>
export const Composer = Type.Union([Type.Literal("basic"), Type.Literal("advanced")])
export type Composer = Static<typeof Composer>

export const features = ["compose", "reply", "attachments", "templates", "calls", "list_addresses"] as const
export const Feature = Type.Union(features.map((feature) => Type.Literal(feature)))
export type Feature = (typeof features)[number]

const settings = {
  // Checked by the handler, which can say which types there are.
  server_auth: Type.Optional(Type.Object({ type: Type.String() })),
  contact_type: Type.Optional(ContactType),
  composer: Type.Optional(Composer),
  features: Type.Optional(Type.Array(Feature, { maxItems: 20, uniqueItems: true })),
  strict: Type.Optional(
    Type.Boolean({ description: "an answer to a send counts only with type success and both ids" }),
  ),
}
const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })

export const NewApp = Type.Object({ name: Name, webhook_url: Url, ...settings })
export type NewApp = Static<typeof NewApp>
export const AppChange = Type.Object({ name: Type.Optional(Name), webhook_url: Type.Optional(Url), ...settings })
export type AppChange = Static<typeof AppChange>

/** An app as it is shown: never its secrets. */
export const AppView = Type.Object({
  uid: Type.String(),
  name: Type.String(),
  webhook_url: Type.String(),
  server_auth: Type.Object(
    {
      type: Type.String(),
      grant: Type.Optional(Type.String()),
      authorize_url: Type.Optional(Type.String()),
      token_url: Type.Optional(Type.String()),
      refresh_url: Type.Optional(Type.String()),
      introspect_url: Type.Optional(Type.String()),
      issuer: Type.Optional(Type.String()),
      client_auth: Type.Optional(Type.String()),
      scope: Type.Optional(Type.String()),
    },
    { description: "without its client_id and client_secret" },
  ),
  contact_type: ContactType,
  composer: Composer,
  features: Type.Array(Type.String()),
  strict: Type.Boolean(),
  old_secret_until: nullable(
    Type.Number({ description: "seconds; until then tokens signed with the secret before the last rotation hold too" }),
  ),
  signs_with_old: Type.Boolean({ description: "webhooks still carry the old secret's signature" }),
  created_at: Type.Number(),
})
export type AppView = Static<typeof AppView>

const AppSecret = Type.Object({ uid: Type.String(), secret: Type.String({ description: "shown this once" }) })
const AppParams = Type.Object({ uid: Type.String() })
const callers = ["token", "session"] as const

export const createApp = endpoint({
  method: "POST",
  path: "/causeway/apps",
  summary: "Makes an app and shows its secret, once.",
  callers,
  scope: "apps:write",
  body: NewApp,
  responses: { 201: AppSecret },
})

export const listApps = endpoint({
  method: "GET",
  path: "/causeway/apps",
  summary: "The company's apps, oldest first.",
  callers,
  scope: "apps:read",
  responses: { 200: Type.Object({ apps: Type.Array(AppView) }) },
})

export const getApp = endpoint({
  method: "GET",
  path: "/causeway/apps/:uid",
  summary: "One app.",
  callers,
  scope: "apps:read",
  params: AppParams,
  responses: { 200: AppView },
})

export const updateApp = endpoint({
  method: "PATCH",
  path: "/causeway/apps/:uid",
  summary: "Changes an app. Its contact type stays what it was when channels are connected.",
  callers,
  scope: "apps:write",
  params: AppParams,
  body: AppChange,
  responses: { 200: AppView },
})

export const deleteApp = endpoint({
  method: "DELETE",
  path: "/causeway/apps/:uid",
  summary: "Deletes an app that no channel uses any more.",
  callers,
  scope: "apps:delete",
  params: AppParams,
  responses: { 204: null },
})

export const rotateAppSecret = endpoint({
  method: "POST",
  path: "/causeway/apps/:uid/rotate",
  summary: "Makes a new secret and shows it, once. Tokens hold with either secret until the overlap ends.",
  callers,
  scope: "apps:write",
  params: AppParams,
  query: Type.Object({
    overlap_hours: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 720,
        description: "how long tokens may still be signed with the old secret; 24 unless given",
      }),
    ),
    sign_with_old: Type.Optional(
      Type.Boolean({
        description: "webhooks keep the old secret's signature until the overlap ends; true unless given",
      }),
    ),
  }),
  responses: { 200: Type.Object({ uid: Type.String(), secret: Type.String(), old_secret_until: Type.Number() }) },
})

export const switchAppSecret = endpoint({
  method: "POST",
  path: "/causeway/apps/:uid/switch",
  summary: "Signs webhooks with the new secret from now on; tokens hold with either until the overlap ends.",
  callers,
  scope: "apps:write",
  params: AppParams,
  responses: { 200: AppView },
})
