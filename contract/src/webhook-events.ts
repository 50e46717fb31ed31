/**
 * The names of event types on the wire and the event types they stand for. A type without a name here is not told: receivers know these.
 * Source: the vendor's guide to application webhooks.
 */
export const webhookEvents = {
  inbound_received: ["inbound"],
  outbound_sent: ["outbound", "out_reply"],
  conversation_archived: ["archive"],
  conversation_reopened: ["reopen"],
  conversation_deleted: ["trash"],
  conversation_restored: ["restore"],
  conversation_snoozed: ["snooze"],
  conversation_snooze_expired: ["reminder"],
  conversation_moved: ["move"],
  assignee_changed: ["assign", "unassign"],
  tag_added: ["tag"],
  tag_removed: ["untag"],
  link_added: ["link_added"],
  link_removed: ["link_removed"],
  new_comment_added: ["comment"],
  message_delivery_failed: ["sending_error", "message_bounce_error"],
} as const satisfies Record<string, readonly string[]>
export type WebhookEvent = keyof typeof webhookEvents
export const webhookEventNames = Object.keys(webhookEvents) as WebhookEvent[]

/** What a webhook's `state_reason` says when a person paused it; every other one is what went wrong. */
export const pausedByHand = "paused by hand"
