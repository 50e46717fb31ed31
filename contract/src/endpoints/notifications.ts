/** What a teammate wants to be told of; ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { idsPerRequestMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

/**
 * all: whatever comes in · mine: what is assigned to oneself or to nobody, and what one follows · mentions: when somebody names one, or gives one a
 * conversation · none. Each has what the narrower ones have.
 */
export const NotificationLevel = Type.Union([
  Type.Literal("all"),
  Type.Literal("mine"),
  Type.Literal("mentions"),
  Type.Literal("none"),
])
export type NotificationLevel = Static<typeof NotificationLevel>

const Sound = Type.Union([Type.Literal("off"), Type.Literal("background"), Type.Literal("always")], {
  description: "background: only while the page is not in front",
})
const Minute = Type.Integer({ minimum: 0, maximum: 1439, description: "minutes since midnight, where the teammate is" })
const QuietHours = nullable(Type.Object({ from: Minute, to: Minute }, { description: "over midnight when to < from" }))

export const NotificationPreferences = Type.Object({
  inboxes: Type.Array(
    Type.Object({ id: Type.String({ description: "inb_…" }), name: Type.String(), level: NotificationLevel }),
    { description: "those that are open to the teammate" },
  ),
  sound: Sound,
  quiet_hours: QuietHours,
  following: Type.Array(Type.String(), {
    description: "cnv_…: the newest 500 conversations that the teammate follows",
  }),
})
export type NotificationPreferences = Static<typeof NotificationPreferences>

export const NotificationChange = Type.Object({
  levels: Type.Optional(
    Type.Record(Type.String({ pattern: "^inb_[0-9a-z]{1,13}$" }), NotificationLevel, {
      maxProperties: idsPerRequestMax,
      description: "by inbox; those that are left out stay",
    }),
  ),
  sound: Type.Optional(Sound),
  quiet_hours: Type.Optional(QuietHours),
})
export type NotificationChange = Static<typeof NotificationChange>

const door = { path: "/causeway/notifications/preferences", callers: ["session"], scope: null } as const

export const getNotificationPreferences = endpoint({
  ...door,
  method: "GET",
  summary: "What the caller is told of, by inbox, and how loudly.",
  responses: { 200: NotificationPreferences },
})

export const updateNotificationPreferences = endpoint({
  ...door,
  method: "PATCH",
  summary: "Changes what is given.",
  body: NotificationChange,
  responses: { 200: NotificationPreferences },
})
