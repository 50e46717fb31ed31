/** Drafts. Source: the vendor's Core API document; /causeway/… is ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { DraftList } from "../inbox.ts"
import { draftCharsMax, filePartsMax, handleCharsMax, nameCharsMax, subjectCharsMax } from "../limits.ts"
import { Message } from "../resources/message.ts"
import { listOf, nullable } from "../shapes.ts"
import { Accepted } from "./messages.ts"

const callers = ["token", "session"] as const
const ConversationParams = Type.Object({ conversation_id: Type.String() })
const DraftParams = Type.Object({
  draft_id: Type.String({ description: "msg_…: the message keeps it when it is sent" }),
})

const Handles = Type.Array(Type.String({ minLength: 1, maxLength: handleCharsMax }), { maxItems: 50 })
const Reference = Type.String({ maxLength: 400 })

const values = {
  author_id: Type.Optional(nullable(Type.String({ maxLength: 400, description: "tea_… or alt:email:…" }))),
  to: Type.Optional(nullable(Handles)),
  cc: Type.Optional(nullable(Handles)),
  bcc: Type.Optional(nullable(Handles)),
  sender_name: Type.Optional(nullable(Type.String({ maxLength: nameCharsMax }))),
  subject: Type.Optional(nullable(Type.String({ maxLength: subjectCharsMax }))),
  body: Type.String({ maxLength: draftCharsMax, description: "HTML" }),
  quote_body: Type.Optional(
    nullable(
      Type.String({ maxLength: draftCharsMax, description: "for e-mail of the vendor's own; has no effect here" }),
    ),
  ),
  signature_id: Type.Optional(
    nullable(
      Type.String({ maxLength: 400, description: "only on channels that write to e-mail addresses: 403 elsewhere" }),
    ),
  ),
  should_add_default_signature: Type.Optional(Type.Boolean()),
  attachments: Type.Optional(Type.Unknown()),
}
const Mode = Type.Union([Type.Literal("private"), Type.Literal("shared")])

export const NewDraft = Type.Object({
  ...values,
  mode: Type.Optional(Type.Unsafe<"private" | "shared">({ ...Mode, description: "private unless said" })),
})
export type NewDraft = Static<typeof NewDraft>

export const NewDraftReply = Type.Object({ ...NewDraft.properties, channel_id: Reference })
export type NewDraftReply = Static<typeof NewDraftReply>

const Version = Type.String({
  maxLength: 200,
  description: "what the caller last read: 409 when the draft has changed since",
})

/** What is not named stays. `attachment_ids` is ours: which of the files stay, all unless said; files that come with it are added. */
export const DraftChange = Type.Object({
  ...values,
  channel_id: Reference,
  version: Type.Optional(Version),
  mode: Type.Optional(Type.Literal("shared", { description: "a shared draft does not become private again" })),
  attachment_ids: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: filePartsMax })),
})
export type DraftChange = Static<typeof DraftChange>

export const listDrafts = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/drafts",
  summary: "The drafts of a conversation that the caller may see: shared ones, and their own.",
  callers: ["channel", ...callers],
  scope: "drafts:read",
  params: ConversationParams,
  responses: { 200: listOf(Message) },
})

export const createDraftReply = endpoint({
  method: "POST",
  path: "/conversations/:conversation_id/drafts",
  summary: "Makes a draft that answers a conversation.",
  callers: ["channel", ...callers],
  scope: "drafts:write",
  params: ConversationParams,
  body: NewDraftReply,
  multipart: true,
  responses: { 200: Message },
})

export const createDraft = endpoint({
  method: "POST",
  path: "/channels/:channel_id/drafts",
  summary: "Makes a draft that starts a conversation, which is there once the draft is shared or sent.",
  callers,
  scope: "drafts:write",
  params: Type.Object({ channel_id: Type.String() }),
  body: NewDraft,
  multipart: true,
  responses: { 200: Message },
})

export const updateDraft = endpoint({
  method: "PATCH",
  path: "/drafts/:draft_id",
  summary: "Changes a draft, or shares it.",
  callers,
  scope: "drafts:write",
  params: DraftParams,
  body: DraftChange,
  multipart: true,
  responses: { 200: Message },
})

export const deleteDraft = endpoint({
  method: "DELETE",
  path: "/drafts/:draft_id",
  summary: "Deletes a draft that is as the caller last read it.",
  callers,
  scope: "drafts:delete",
  params: DraftParams,
  body: Type.Object({ version: Version }),
  responses: { 204: null },
})

export const sendDraft = endpoint({
  method: "POST",
  path: "/causeway/drafts/:draft_id/send",
  summary: "Sends a draft: the message has its id. Sending it twice sends it once.",
  callers,
  scope: "messages:send",
  params: DraftParams,
  body: Type.Object({
    version: Type.Optional(Version),
    options: Type.Optional(
      Type.Object({
        archive: Type.Optional(Type.Boolean({ description: "default true for an API token, false for a session" })),
      }),
    ),
  }),
  responses: { 202: Accepted },
})

export const listOwnDrafts = endpoint({
  method: "GET",
  path: "/causeway/drafts",
  summary: "One's own drafts everywhere, newest first.",
  callers: ["session"],
  scope: null,
  responses: { 200: DraftList },
})

export const listDraftViews = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id/drafts",
  summary: "The drafts of a conversation, oldest first, ready to edit: shared ones and one's own.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  responses: { 200: DraftList },
})
