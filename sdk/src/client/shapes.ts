/** What the Channel API takes, in its own names. Source: the vendor's Channel API document. */

export interface Party {
  /** A phone number with + and country code, an address, or the channel's own id of the person. */
  handle: string
  name?: string
  /** Links the person to a contact that has this address. Only for senders and recipients of messages. */
  email?: string
}

export interface MessageIds {
  /** The provider's id of the message, at most 200 characters; a repeated one is accepted and changes nothing. */
  external_id: string
  /** The provider's id of the thread, at most 200 characters. */
  external_conversation_id: string
  /** external_id of the message this one answers. */
  referenced_message_external_id?: string
}

interface MessageContent {
  /** HTML or plain text. */
  body: string
  subject?: string
  /** When it was sent, whole seconds since 1970. Default: now. */
  delivered_at?: number
  metadata: MessageIds
}

export interface InboundMessage extends MessageContent {
  sender: Party
}

export interface OutboundMessage extends MessageContent {
  to: Party[]
  sender_name?: string
  /** `tea_…` or `alt:email:…`. */
  author_id?: string
}

/** A file to send along; all of a message together at most 25 MB. */
export interface File {
  filename: string
  contentType: string
  content: Uint8Array | Blob
}

/** 202: kept. `GET /messages/alt:uid:<message_uid>` finds the message, on the vendor's platform after a moment. */
export interface Accepted {
  status: "accepted"
  message_uid: string
}

/** A teammate is writing a reply. */
export interface Typing {
  /** What the channel calls the conversation, oldest first. */
  external_conversation_ids: string[]
  /** The teammate's first name. */
  name: string
}

export interface Template {
  external_id: string
  name: string
  /** The beginning of its text. */
  blurb: string
  is_disabled: boolean
  status_name: "PENDING" | "APPROVED" | "REJECTED"
  variable_mappings: { uid: string; type: "text" | "file" | "image" | "video"; name: string }[]
  /** HTML with inline styles. */
  template_preview: string
}

interface CallBegin {
  external_call_id: string
  initial_status: "queued" | "ringing"
  /** The leg this one was transferred from; on a first leg the call's own id. */
  parent_external_call_id: string
  /** Milliseconds since 1970. */
  started_at?: number
  agent_email_address?: string
}

export type NewCall = CallBegin &
  (
    | { direction: "inbound"; from: { handle: string; name?: string } }
    | { direction: "outbound"; to: { handle: string; name?: string } }
  )

export interface CallChange {
  /** `resumed` is written in the vendor's guide and not in its document; after `hold`, `connected` says the same. */
  call_status: "queued" | "ringing" | "connected" | "hold" | "hangup" | "abandoned" | "missed" | "transferred"
  /** Milliseconds since 1970. */
  occurred_at: number
  agent_email_address?: string
}

export interface TranscriptLine {
  speaker_name: string
  content: string
  /** From the beginning of the call. */
  start_time_seconds: number
  speaker_type: "internal" | "external"
}
