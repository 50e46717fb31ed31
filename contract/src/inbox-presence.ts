/** Who else is at a conversation. Kept in memory only: it is gone when a tab has been silent for a while, and no event of the feed tells of it. */
import Type, { type Static } from "typebox"
import { Person } from "./inbox.ts"

/** viewing: it is on the screen · away: it is open, behind something or with nobody at the keyboard · replying: words are being written to the customer. */
export const PresenceState = Type.Union([Type.Literal("viewing"), Type.Literal("away"), Type.Literal("replying")])
export type PresenceState = Static<typeof PresenceState>

export const PresentTeammate = Type.Object({ ...Person.properties, state: PresenceState })
export type PresentTeammate = Static<typeof PresentTeammate>

/** Everybody who is at one conversation, oneself included. `event: presence` of the live stream carries it whenever it changes. */
export const ConversationPresence = Type.Object({
  conversation_id: Type.String(),
  teammates: Type.Array(PresentTeammate, { description: "one line for each person, however many tabs they have" }),
})
export type ConversationPresence = Static<typeof ConversationPresence>

/** The customer of a conversation is writing, as far as the channel knows. `event: typing` of the live stream carries it, every few seconds while they go on. */
export const CustomerTyping = Type.Object({
  conversation_id: Type.String(),
  for_ms: Type.Integer({ minimum: 0, description: "true for as long, unless it is said again; 0: they have stopped" }),
})
export type CustomerTyping = Static<typeof CustomerTyping>
