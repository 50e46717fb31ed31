/** Every limit of the wire, with its unit and where it comes from. */
const MiB = 1024 * 1024

/** All files of one message together (Channel API, `attachments`: 25 MB). */
export const attachmentBytesMax = 25 * MiB
/** A JSON body; ours: a message's text is far below it, and parsing more would stall every other request. */
export const jsonBytesMax = 4 * MiB
/** Nesting of a JSON body; ours, against stack exhaustion. */
export const jsonDepthMax = 64
/** Channel API: metadata.external_id, external_conversation_id and referenced_message_external_id. */
export const externalIdCharsMax = 200
/** Ours: a SIP Call-ID is the longest that providers use, and stays below it. */
export const externalCallIdCharsMax = 255
/** Ours: hours of talk, and still one JSON body. */
export const transcriptLinesMax = 20_000
/** Ours: a file is kept for each. */
export const callRecordingsMax = 20
/** Ours: a handle is shown in one line and indexed. */
export const handleCharsMax = 500
export const nameCharsMax = 500
export const subjectCharsMax = 2000
/** Files in one request, and all parts of it; ours. */
export const filePartsMax = 50
export const partsMax = 250
/** RFC 2046 allows 70; a longer boundary once stalled a well-known parser. */
export const boundaryCharsMax = 70
/** A page of a list (Core API, `limit`). */
export const pageMax = 100
export const pageDefault = 50
/** How long a partner may take to answer (vendor's guide): after it the result of a send is unknown. */
export const answerMs = 7_000
/** A webhook URL; ours. Longer ones are refused by common proxies. */
export const urlCharsMax = 2000
/** Rules of a company and what one is made of; ours: every inbound message is held against all of them. */
export const rulesMax = 200
export const ruleConditionsMax = 20
export const ruleActionsMax = 20
export const rulePatternCharsMax = 500
/** The text of an auto-reply; ours. */
export const ruleTextCharsMax = 20_000
/** Webhooks of one app; ours. */
export const webhooksPerAppMax = 50
/** Events in a row that failed before a subscription is paused; ours, the vendor's number is not published. */
export const webhookFailuresMax = 5
/** Core API, CreateTag.name. */
export const tagNameCharsMax = 64
/** A tag's, a custom field's description; ours: shown under its name. */
export const descriptionCharsMax = 2000
/** Ids in one request (teammate_ids, inbox_ids); ours: larger teams come in several. */
export const idsPerRequestMax = 500
/** The body of a message template; ours. */
export const templateBodyCharsMax = 200_000
/** Folders inside each other; ours: nobody looks deeper. */
export const folderDepthMax = 20
/** Custom fields of one resource, the length of a value and the choices of an enum; ours. */
export const customFieldsMax = 200
export const customFieldCharsMax = 10_000
export const customFieldChoicesMax = 500
/** A contact's description and a note about one; ours: integrations write whole records there. */
export const contactTextCharsMax = 20_000
/** Handles given with a new contact, and links of one; ours. */
export const contactHandlesMax = 50
export const contactLinksMax = 100
/** A page of the contact book: the name it ended with (200 characters of up to 4 bytes each, base64) and an id. */
export const contactBookTokenCharsMax = 1600
/** A passkey's id in base64url: 1023 bytes at most. Source: Web Authentication, Credential ID. */
export const passkeyIdCharsMax = 1364
/** A search; ours: far more than anybody types. */
export const searchCharsMax = 800
/** What is counted of a list that is longer; ours. */
export const searchTotalMax = 10_000
/** Core API, UpdateConversation.description. */
export const taskDescriptionCharsMax = 65_535
/** Core API, followers of a conversation in one request. */
export const followersMax = 50
/** Core API, links of a conversation in one request. */
export const linksPerRequestMax = 10
/** Tags of a conversation; ours. */
export const tagsPerConversationMax = 200
/** Conversations merged at once; ours: their messages are renumbered under one lock. */
export const mergedConversationsMax = 20
/** Core API, MergeContacts.contact_ids. */
export const mergedContactsMax = 50
/** An id or an alias inside a body; ours: room for the longest handle. */
export const referenceCharsMax = handleCharsMax + 20
/** A signature, a comment; ours: what a person writes or pastes into one is far below it. */
export const signatureCharsMax = 100_000
export const commentCharsMax = 100_000
/** A draft's body; ours: a JSON body takes no more. */
export const draftCharsMax = 2_000_000
/** Teammates whom one comment may name; ours: everybody named is told. */
export const mentionsMax = 50
/** A page of `/events` (Core API, List events). */
export const eventsPageMax = 15
/** What a browser tab calls itself; ours: a UUID fits. */
export const presenceTabCharsMax = 40
/** Tabs whose presence one process remembers for a company; ours: an office of a thousand with ten tabs each. */
export const presenceTabsMax = 10_000
/** Deliveries that one call tells again; ours. Whoever has more calls again. */
export const redriveMax = 1_000
/** How long a reply can be taken back, s (channel settings, undo_send_time). */
export const undoSecondsMax = 60
/** The value of one variable of a template; ours: far more than a provider takes. */
export const templateValueCharsMax = 10_000

/** Keys of a teammate's own: characters of one binding, bindings of a command, commands. Ours. */
export const keysCharsMax = 60
export const keysPerCommandMax = 4
export const keyCommandsMax = 200

/** How long a reply may be held so that it can be taken back, seconds. Source: Core API, UpdateChannelSettings. */
export const undoSendSeconds = [0, 5, 10, 15, 30, 60] as const
