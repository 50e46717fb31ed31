/**
 * What the inbox and the server tell each other: our own shapes under /causeway. Times are seconds since 1970 as a number with fractions
 * (like the vendor's), ids are the outside ones (`cnv_…`). Every entity carries `version`: an older copy never replaces a newer one.
 */
import Type, { type Static } from "typebox"
import { Preferences } from "./inbox-preferences.ts"
import { ActivityView } from "./inbox-timeline.ts"
import { CallView } from "./resources/call.ts"
import { type ConversationType, conversationTypes } from "./resources/conversation.ts"
import { nullable } from "./shapes.ts"

export const Person = Type.Object({ id: Type.String(), name: Type.String() })
export type Person = Static<typeof Person>

/** held → queued → sending → sent | failed | unknown, or waiting; told in full in server/src/delivery/next-step.ts. */
export const ReplyState = Type.Union([
  Type.Literal("held"),
  Type.Literal("queued"),
  Type.Literal("sending"),
  Type.Literal("waiting"),
  Type.Literal("sent"),
  Type.Literal("failed"),
  Type.Literal("unknown"),
  Type.Literal("undone"),
])
export type ReplyState = Static<typeof ReplyState>

export const ConversationRow = Type.Object({
  id: Type.String(),
  type: Type.Unsafe<ConversationType>(Type.Union(conversationTypes.map((type) => Type.Literal(type)))),
  subject: Type.String(),
  status: Type.Union([
    Type.Literal("unassigned"),
    Type.Literal("assigned"),
    Type.Literal("archived"),
    Type.Literal("deleted"),
    Type.Literal("spam"),
  ]),
  assignee: nullable(Person),
  contact: Type.Object({ id: nullable(Type.String()), name: nullable(Type.String()), handle: Type.String() }),
  channel_id: nullable(Type.String({ description: "null: a discussion or a task, which has no messages" })),
  channel_name: Type.String(),
  inbox_id: nullable(Type.String({ description: "null: between named teammates" })),
  preview: Type.String(),
  preview_direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  failed_count: Type.Integer({ description: "replies whose last state is failed or unknown" }),
  waiting_since: nullable(Type.Number()),
  activity_at: Type.Number(),
  last_number: Type.Integer(),
  last_inbound: Type.Integer({ description: "number of the newest message of a customer; 0: none yet" }),
  read_number: Type.Integer({ description: "how far you, who look, have read; 0: not opened yet" }),
  is_call: Type.Boolean({ description: "whether what the preview tells of is a call" }),
  tags: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), highlight: nullable(Type.String()) })),
  drafts_by: Type.Array(Person, { description: "who is writing a reply that you may see" }),
  snoozed: Type.Array(Type.Object({ teammate_id: Type.String(), until: Type.Number() })),
  version: Type.Integer({
    description: "counts what changes for everybody; read_number and drafts_by may differ under one version",
  }),
})
export type ConversationRow = Static<typeof ConversationRow>

export const AttachmentView = Type.Object({
  id: Type.String(),
  filename: Type.String(),
  url: Type.String(),
  content_type: Type.String(),
  size: Type.Integer(),
  is_inline: Type.Boolean(),
})
export type AttachmentView = Static<typeof AttachmentView>

export const MessageView = Type.Object({
  id: Type.String(),
  uid: Type.String(),
  conversation_id: Type.String(),
  number: Type.Integer({ description: "place in the conversation; commit order" }),
  direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  origin: Type.Union([
    Type.Literal("partner"),
    Type.Literal("teammate"),
    Type.Literal("api"),
    Type.Literal("auto_reply"),
  ]),
  author: nullable(Person),
  client_key: Type.Optional(
    nullable(Type.String({ description: "of a teammate's reply: the Idempotency-Key that their inbox sent it with" })),
  ),
  sender_name: nullable(Type.String()),
  from: Type.String({ description: "handle or name of who wrote it, ready to show" }),
  subject: Type.String(),
  body: Type.String({ description: "sanitised HTML" }),
  text: Type.String(),
  is_simple: Type.Boolean({
    description: "body holds only what the composer can make: shown in place; otherwise in a frame",
  }),
  created_at: Type.Number(),
  attachments: Type.Array(AttachmentView),
  reply_to: nullable(Type.Object({ id: Type.String(), blurb: Type.String() })),
  channel_id: Type.Optional(
    Type.String({ description: "what it went over: in a merged conversation not always the same" }),
  ),
  external_id: Type.Optional(nullable(Type.String({ description: "the channel's id for it, once it has one" }))),
  external_conversation_id: Type.Optional(nullable(Type.String())),
  call: Type.Optional(CallView),
  state: nullable(ReplyState),
  seen_at: Type.Optional(nullable(Type.Number({ description: "when the channel first told that somebody saw it" }))),
  due_at: nullable(
    Type.Number({
      description: "held: when undo ends; waiting: when the next try may leave; null: until somebody acts",
    }),
  ),
  error: nullable(
    Type.Object({ code: Type.String(), reason: nullable(Type.String({ description: "the channel's own words" })) }),
  ),
  version: Type.Integer(),
})
export type MessageView = Static<typeof MessageView>

export const CommentView = Type.Object({
  id: Type.String(),
  conversation_id: Type.String(),
  author: Type.Object({
    id: nullable(Type.String({ description: "null: an integration" })),
    name: Type.String(),
  }),
  body: Type.String({ description: "markdown, as it was written: what is edited" }),
  html: Type.String({ description: "sanitised, what is shown" }),
  mentions: Type.Array(Type.Object({ ...Person.properties, username: Type.Optional(Type.String()) })),
  reply_to_id: nullable(Type.String()),
  is_pinned: Type.Boolean(),
  posted_at: Type.Number(),
  edited_at: nullable(Type.Number()),
  attachments: Type.Array(AttachmentView),
  version: Type.Integer(),
})
export type CommentView = Static<typeof CommentView>

/** GET /causeway/conversations/{conversation_id}/comments */
export const CommentList = Type.Object({ comments: Type.Array(CommentView) })
export type CommentList = Static<typeof CommentList>

export const DraftView = Type.Object({
  id: Type.String({ description: "msg_…: the message has it too once it is sent" }),
  conversation_id: Type.String(),
  channel_id: Type.String(),
  mode: Type.Union([Type.Literal("private"), Type.Literal("shared")]),
  author: nullable(Person),
  subject: Type.String(),
  body: Type.String({ description: "sanitised HTML" }),
  text: Type.String(),
  to: nullable(Type.Array(Type.String(), { description: "handles; null: whom the conversation is with" })),
  cc: Type.Array(Type.String()),
  bcc: Type.Array(Type.String()),
  signature_id: nullable(Type.String()),
  attachments: Type.Array(AttachmentView),
  updated_at: Type.Number(),
  version: Type.String({ description: "what a change and a deletion name" }),
})
export type DraftView = Static<typeof DraftView>

/** GET /causeway/conversations/{conversation_id}/drafts: the shared ones and one's own. GET /causeway/drafts: one's own, everywhere. */
export const DraftList = Type.Object({ drafts: Type.Array(DraftView) })
export type DraftList = Static<typeof DraftList>

/** Whether what the channel is to be told leaves us. It pauses by itself when its server does not answer, and its status stays ok. */
export const ChannelDelivery = Type.Object({
  state: Type.Union([Type.Literal("ok"), Type.Literal("pausing")]),
  since: nullable(Type.Number()),
  next_probe_at: nullable(Type.Number({ description: "when one delivery tries whether the server is back" })),
  reason: nullable(Type.String()),
  waiting: Type.Integer({ description: "replies that leave when it is back; counted up to 1,000" }),
})
export type ChannelDelivery = Static<typeof ChannelDelivery>

export const ChannelView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  address: Type.String(),
  app_name: nullable(Type.String()),
  inbox_id: Type.String(),
  status: Type.Union([Type.Literal("ok"), Type.Literal("offline")]),
  status_reason: nullable(Type.String()),
  status_at: Type.Number(),
  composer: Type.Union([Type.Literal("basic"), Type.Literal("advanced")]),
  contact_type: Type.Union([Type.Literal("custom"), Type.Literal("email"), Type.Literal("phone")]),
  undo_send_time: Type.Integer({ description: "seconds" }),
  reply_mode: Type.Union([Type.Literal("same_channel"), Type.Literal("unsupported")]),
  waiting_count: Type.Integer({
    description: "replies that wait for this channel to come back and for a person to send them",
  }),
  delivery: ChannelDelivery,
})
export type ChannelView = Static<typeof ChannelView>

/** What came into a conversation while a teammate wrote: why a reply with `based_on_seq` is refused (409, `_error.newcomers`). */
export const Newcomer = Type.Object({
  type: Type.Union([Type.Literal("message"), Type.Literal("comment")]),
  id: Type.String(),
  by: Type.String({ description: "who wrote it, ready to show" }),
})
export type Newcomer = Static<typeof Newcomer>

/** GET /causeway/session */
export const SessionView = Type.Object({
  teammate: Type.Object({
    id: Type.String(),
    email: Type.String(),
    first_name: Type.String(),
    last_name: Type.String(),
    role: Type.Union([Type.Literal("admin"), Type.Literal("teammate"), Type.Literal("observer")]),
    is_developer: Type.Boolean(),
  }),
  company: Type.Object({ id: Type.String(), name: Type.String() }),
  preferences: Preferences,
  keeps_on_device: Type.Boolean({ description: "whether browsers may keep conversations and what is being written" }),
})
export type SessionView = Static<typeof SessionView>

export const conversationViews = [
  "open",
  "unassigned",
  "mine",
  "failed",
  "drafts",
  "snoozed",
  "archived",
  "trash",
] as const
export type ConversationViewName = (typeof conversationViews)[number]

/** `newest` and `oldest` go by activity, `waiting` by who has waited longest for our answer; who does not wait comes last. */
export const listSorts = ["newest", "oldest", "waiting"] as const
export type ListSort = (typeof listSorts)[number]

/** How much is in the views, of all inboxes that are open to you. The archive and the trash are counted when they are looked at. */
export const ViewCounts = Type.Object({
  open: Type.Integer(),
  unassigned: Type.Integer(),
  mine: Type.Integer(),
  failed: Type.Integer(),
  drafts: Type.Integer(),
  snoozed: Type.Integer(),
})
export type ViewCounts = Static<typeof ViewCounts>

/**
 * GET /causeway/conversations: a stretch of one list, in its order. Without a place it begins at the top; `below` and `above` go on from a row that is
 * known, `offset` leaps. `cursor` is where the live stream goes on from.
 */
export const ConversationList = Type.Object({
  conversations: Type.Array(ConversationRow),
  more: Type.Boolean({ description: "whether the list goes on in the direction that was asked for" }),
  total: nullable(Type.Integer({ description: "how many the list has; null where it goes on from a row" })),
  /** Null where the list goes on or leaps. */
  counts: nullable(ViewCounts),
  cursor: Type.String(),
})
export type ConversationList = Static<typeof ConversationList>

/** GET /causeway/conversations/{conversation_id}: the newest messages, oldest first. */
export const ConversationDetail = Type.Object({
  conversation: ConversationRow,
  channel: nullable(ChannelView),
  messages: Type.Array(MessageView),
  older: nullable(Type.String({ description: "give it as `before` to GET …/messages" })),
  cursor: Type.String(),
})
export type ConversationDetail = Static<typeof ConversationDetail>

/** GET /causeway/conversations/{conversation_id}/messages?before=&limit= */
export const MessagePage = Type.Object({ messages: Type.Array(MessageView), older: nullable(Type.String()) })
export type MessagePage = Static<typeof MessagePage>

/** An entry of a timeline: what kind it is, and the entity that it shows. */
export const TimelineItem = Type.Union([
  Type.Object({ kind: Type.Literal("message"), message: MessageView }),
  Type.Object({ kind: Type.Literal("comment"), comment: CommentView }),
  Type.Object({ kind: Type.Literal("activity"), activity: ActivityView }),
])
export type TimelineItem = Static<typeof TimelineItem>

/**
 * GET /causeway/conversations/{conversation_id}/timeline?before=&limit= : newest first. Of equal milliseconds messages stand first, by number; then
 * comments, by id; then activities, by position. A call is a message with `call`. `cursor`: every item is at least as new as this place in the feed.
 */
export const TimelinePage = Type.Object({
  conversation: ConversationRow,
  channel: nullable(ChannelView),
  items: Type.Array(TimelineItem),
  older: nullable(Type.String({ description: "give it as `before` for the next page" })),
  cursor: Type.String(),
})
export type TimelinePage = Static<typeof TimelinePage>

/**
 * GET /causeway/live: server-sent events. `id:` is a cursor (`epoch-position`); resume with Last-Event-ID or ?after=.
 * `event: hello` data {cursor} first; `event: change` data LiveChange; `event: resync` data {cursor}: what you hold is no use, load again.
 * Beside the feed, for whoever is there: `event: presence` data ConversationPresence; `event: typing` data CustomerTyping; `event: audited` data Audited.
 */
export const LiveChange = Type.Object({
  cursor: Type.String(),
  type: Type.String(),
  conversation: nullable(ConversationRow),
  message: nullable(MessageView),
  channel: nullable(ChannelView),
  /** A conversation that was deleted, merged into another, or moved out of the inboxes that are open to you. */
  gone: Type.Optional(Type.Object({ id: Type.String(), merged_into: nullable(Type.String()) })),
  /** Of comment, mention and comment_changed. */
  comment: Type.Optional(nullable(CommentView)),
  /** Of what a timeline tells besides messages and comments. */
  activity: Type.Optional(ActivityView),
  /** Of draft_changed; null of draft_deleted: it was sent (the message has its id) or deleted. Private drafts make no change. */
  draft: Type.Optional(nullable(DraftView)),
  draft_id: Type.Optional(nullable(Type.String())),
})
export type LiveChange = Static<typeof LiveChange>

/** What the audit log has new entries of: whoever shows such a list asks for it again. */
export const Audited = Type.Object({ nouns: Type.Array(Type.String()) })
export type Audited = Static<typeof Audited>

/** GET /causeway/setup */
export const SetupState = Type.Object({
  needed: Type.Boolean(),
  version: Type.String(),
  provider: nullable(Type.String({ description: "what the identity provider is called; null: none is set" })),
})
export type SetupState = Static<typeof SetupState>
/** POST /causeway/setup: makes the company and its first admin, and signs that person in. */
export const SetupRequest = Type.Object({
  code: Type.String(),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  email: Type.String({ minLength: 3, maxLength: 320 }),
  password: Type.String({ minLength: 12, maxLength: 200 }),
  company: Type.String({ minLength: 1, maxLength: 200 }),
})
export type SetupRequest = Static<typeof SetupRequest>
export const SetupResult = Type.Object({
  company_id: Type.String(),
  teammate_id: Type.String(),
  api_token: Type.String(),
})
export type SetupResult = Static<typeof SetupResult>
