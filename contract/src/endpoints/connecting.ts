/** Connecting a channel through its app's own authentication; ours, for what the vendor does in its screens. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nullable, seconds } from "../shapes.ts"

const ChannelParams = Type.Object({ channel_id: Type.String({ description: "cha_… or alt:address:…" }) })
const callers = ["token", "session"] as const

export const Authentication = Type.Object({
  credentials: Type.Optional(
    nullable(
      Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), {
        description: "as in POST /inboxes/{inbox_id}/channels; those it has unless given",
      }),
    ),
  ),
  address: Type.Optional(
    nullable(
      Type.String({ minLength: 1, maxLength: 200, description: "the one chosen among its account's addresses" }),
    ),
  ),
  return_to: Type.Optional(
    Type.String({
      maxLength: 1000,
      pattern: "^/app/[^\\\\\\x00-\\x20]*$",
      description: "the page of the inbox to show after signing in at the partner",
    }),
  ),
})
export type Authentication = Static<typeof Authentication>

export const authenticateChannel = endpoint({
  method: "POST",
  path: "/causeway/channels/:channel_id/authenticate",
  summary:
    "Connects a channel again, with the same id: its app's server is asked for authorization. Where a person has to sign in at the partner, answers where.",
  callers,
  scope: "channels:write",
  params: ChannelParams,
  body: Authentication,
  responses: {
    200: Type.Object({
      status: Type.Union([Type.Literal("connected"), Type.Literal("sign_in"), Type.Literal("choose_address")]),
      sign_in_url: nullable(Type.String({ description: "the partner's page; good for one visit" })),
      expires_at: nullable(seconds),
    }),
  },
})

export const listChannelAddresses = endpoint({
  method: "GET",
  path: "/causeway/channels/:channel_id/addresses",
  summary:
    "Which addresses a channel's account may use: its partner is asked where the app has the feature list_addresses; else its own.",
  callers,
  scope: "channels:write",
  params: ChannelParams,
  query: Type.Object({ page_token: Type.Optional(Type.String({ maxLength: 2000 })) }),
  responses: {
    200: Type.Object({
      addresses: Type.Array(Type.Object({ address: Type.String(), name: nullable(Type.String()) })),
      next_page_token: nullable(Type.String()),
    }),
  },
})

const Parameter = Type.Optional(Type.String({ maxLength: 4000 }))

export const returnFromSignIn = endpoint({
  method: "GET",
  path: "/causeway/connect/callback",
  summary:
    "Where a partner's sign-in page sends the person back to, with a code: the channel is connected, and a page says so.",
  callers: ["anyone"],
  scope: null,
  query: Type.Object({
    state: Parameter,
    code: Parameter,
    error: Parameter,
    error_description: Parameter,
    iss: Parameter,
  }),
  responses: { 200: null, 303: null },
})
