/**
 * Every type that an entry of the company's feed has. The vendor's are what the lists of events show and webhooks tell (Core API, EventResponse.type);
 * ours move our own browsers only. In between is what the vendor's webhooks tell although its list of types has no name for it: conversation_snoozed.
 */
export const vendorEventTypes = [
  "assign",
  "unassign",
  "archive",
  "reopen",
  "trash",
  "restore",
  "reminder",
  "comment",
  "mention",
  "inbound",
  "outbound",
  "out_reply",
  "move",
  "forward",
  "tag",
  "untag",
  "sending_error",
  "message_bounce_error",
  "conversations_merged",
  "link_added",
  "link_removed",
  "custom_field_updated",
  "macro_triggered",
  "topic_identified",
  "ticket_status_update",
  "call_started",
  "call_abandoned",
  "call_queued",
  "call_on_hold",
  "call_parked",
  "call_resumed",
  "call_connected",
  "call_missed",
  "call_hangup",
  "call_transferred",
  "call_transcript_added",
  "call_voicemail_transcript_added",
] as const
export type VendorEventType = (typeof vendorEventTypes)[number]

export const unlistedEventTypes = ["snooze"] as const
export type UnlistedEventType = (typeof unlistedEventTypes)[number]

export const ownEventTypes = [
  "call_agent_changed",
  "call_recording_added",
  "call_summary_added",
  "channel_changed",
  "channel_deleted",
  "channel_pause",
  "channel_status",
  "comment_changed",
  "contact_changed",
  "contact_deleted",
  "contact_list_changed",
  "conversation_changed",
  "conversation_deleted",
  "conversation_read",
  "custom_field_defined",
  "draft_changed",
  "draft_deleted",
  "inbox_changed",
  "message_seen",
  "message_template_changed",
  "reply_kept",
  "reply_state",
  "rules_changed",
  "shift_changed",
  "signature_changed",
  "tag_changed",
  "team_changed",
  "teammate_changed",
  "template_changed",
  "webhook_changed",
  "webhook_created",
  "webhook_deleted",
  "webhook_paused",
  "webhook_resumed",
] as const
export type OwnEventType = (typeof ownEventTypes)[number]

export type PublicEventType = VendorEventType | UnlistedEventType
export type EventType = PublicEventType | OwnEventType

const publicTypes: ReadonlySet<string> = new Set([...vendorEventTypes, ...unlistedEventTypes])

/** Whether an entry may be told outside: by webhooks and under `/events`. */
export const isPublicEventType = (type: string): type is PublicEventType => publicTypes.has(type)
