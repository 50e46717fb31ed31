/** Who is at which conversation; ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { ConversationPresence, PresenceState } from "../inbox-presence.ts"
import { externalIdCharsMax, presenceTabCharsMax } from "../limits.ts"

export const PresenceReport = Type.Object({
  state: Type.Union([PresenceState, Type.Literal("gone")], { description: "gone: this tab has left the conversation" }),
  tab: Type.String({
    minLength: 8,
    maxLength: presenceTabCharsMax,
    pattern: "^[\\w-]+$",
    description: "the same for as long as a tab is open; a person is where any of their tabs is",
  }),
})
export type PresenceReport = Static<typeof PresenceReport>

export const reportPresence = endpoint({
  method: "POST",
  path: "/causeway/conversations/:conversation_id/presence",
  summary:
    "Says that one is at a conversation, and what one does there. Forgotten unless it is said again within 75 seconds.",
  callers: ["session"],
  scope: null,
  params: Type.Object({ conversation_id: Type.String({ description: "cnv_…" }) }),
  body: PresenceReport,
  responses: { 200: ConversationPresence },
})

export const listPresence = endpoint({
  method: "GET",
  path: "/causeway/presence",
  summary: "Who is at which of the conversations that are open to the caller; what changes comes over the live stream.",
  callers: ["session"],
  scope: null,
  responses: { 200: Type.Object({ conversations: Type.Array(ConversationPresence) }) },
})

export const listTyping = endpoint({
  method: "GET",
  path: "/causeway/channels/:channel_id/typing",
  summary:
    "In which of a channel's conversations a teammate is writing a reply at this moment. Notes among teammates do not count.",
  callers: ["channel", "token"],
  scope: "channels:read",
  params: Type.Object({ channel_id: Type.String({ description: "cha_…" }) }),
  responses: {
    200: Type.Object({
      typing: Type.Array(
        Type.Object({
          external_conversation_ids: Type.Array(Type.String(), { description: "oldest first" }),
          name: Type.String({ description: "the teammate's first name, as customers see it" }),
        }),
      ),
    }),
  },
})

export const reportTyping = endpoint({
  method: "POST",
  path: "/causeway/channels/:channel_id/typing",
  summary:
    "Says that the customer of one of a channel's conversations is writing, or has stopped. Shown to teammates for ten seconds: say it again every few while it lasts.",
  callers: ["channel", "token"],
  scope: "messages:write",
  params: Type.Object({ channel_id: Type.String({ description: "cha_…" }) }),
  body: Type.Object({
    external_conversation_id: Type.String({ minLength: 1, maxLength: externalIdCharsMax }),
    typing: Type.Boolean({ description: "false: they have stopped, with nothing sent. A message ends it by itself." }),
  }),
  responses: { 204: null },
})
