import type { ContactContext, PhoneReading } from "@causeway/contract/endpoints/contact-context"
import { formatId } from "@causeway/contract/ids"
import type { CallStatus } from "@causeway/contract/resources/call"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import parsePhoneNumber from "libphonenumber-js/min"
import { reachableBy } from "../conversations/reach.ts"
import { findConversations } from "../conversations/read.ts"
import { conversationViews } from "../conversations/row.ts"
import type { Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"
import { normaliseHandle } from "./handles.ts"
import type { ContactRow } from "./store.ts"

/** Calls and conversations: further back, a search finds them. */
const newestMax = 20
const suggestionsMax = 5
const conversationsMax = 1_000

/** What is shown of a contact beside a conversation, as `teammateId` sees it. `viewer` is the teammate whose inboxes decide which calls are told; null: all. */
export async function contactContext(
  tx: Tx,
  companyId: number,
  contact: ContactRow,
  teammateId: number,
  viewer: number | null,
): Promise<ContactContext> {
  const [same_person, conversations, calls] = await Promise.all([
    findSamePerson(tx, companyId, contact),
    newestConversations(tx, companyId, contact.id, teammateId, viewer),
    findCalls(tx, companyId, contact.id, viewer),
  ])
  const phones = contact.handles.filter(({ source }) => source === "phone").map(({ handle }) => readPhone(handle))
  return { phones, same_person, conversations, calls }
}

/** What cannot be read as a number is shown as it is. */
export function readPhone(handle: string): PhoneReading {
  const number = parsePhoneNumber(handle)
  return { handle, shown: number?.formatInternational() ?? handle, country: number?.country ?? null }
}

/** The forms in which the same address or number may be kept under another source. */
function alikes({ source, handle }: ContactHandle): string[] {
  if (source === "phone") return [handle, handle.replace(/^\+/, "")]
  if (handle.includes("@")) return [handle, normaliseHandle("email", handle)]
  return /^\+?[\d\s().-]{7,}$/.test(handle) ? [normaliseHandle("phone", handle)] : []
}

interface SameRow {
  id: number
  name: string | null
  handles: ContactHandle[]
  matches: string[]
  conversation_count: number
}

/** By the primary key of contact_handle, one look a source; conversations are counted along conversation_contact. */
async function findSamePerson(tx: Tx, companyId: number, contact: ContactRow): Promise<ContactContext["same_person"]> {
  const wanted = [...new Set(contact.handles.flatMap(alikes))]
  if (wanted.length === 0 || contact.owner_kind === "teammate") return []
  const rows = await tx.query<SameRow>({
    name: "contacts.same_person",
    text: `with found as (
             select contact_id, array_agg(distinct handle order by handle) as matches from contact_handle
             where company_id = $1 and source = any('{email,phone,custom,twitter,facebook,intercom,front_chat}') and handle = any($2::text[])
               and contact_id <> $3
             group by contact_id order by contact_id limit $4)
           select contact.id, contact.name, found.matches,
             (select json_agg(json_build_object('source', source, 'handle', handle) order by created_at, source, handle) from contact_handle
              where company_id = $1 and contact_id = contact.id) as handles,
             (select count(*)::int from (select from conversation where company_id = $1 and contact_id = contact.id and merged_into is null limit $5) counted)
               as conversation_count
           from found join contact on contact.company_id = $1 and contact.id = found.contact_id order by contact.id`,
    values: [companyId, wanted, contact.id, suggestionsMax, conversationsMax],
  })
  return rows.map((row) => ({ ...row, id: formatId("crd", row.id) }))
}

/** By conversation_contact: nobody has so many that sorting them costs anything. */
async function newestConversations(
  tx: Tx,
  companyId: number,
  contactId: number,
  teammateId: number,
  viewer: number | null,
): Promise<ContactContext["conversations"]> {
  const newest = await tx.query<{ id: number }>({
    name: "contacts.newest_conversations",
    text: `select id from conversation where company_id = $1 and contact_id = $2 and merged_into is null and ${reachableBy("$3")}
           order by activity_at desc, id desc limit $4`,
    values: [companyId, contactId, viewer, newestMax],
  })
  const ids = newest.map(({ id }) => id)
  const rows = await findConversations(tx, companyId, ids)
  const sorted = rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
  return await conversationViews(tx, companyId, sorted, teammateId)
}

interface CallRow {
  id: number
  conversation_id: number
  channel_name: string
  direction: "inbound" | "outbound"
  status: CallStatus
  started_at: Date
  duration: number | null
}

/** Walks conversation_contact and message_calls. */
async function findCalls(
  tx: Tx,
  companyId: number,
  contactId: number,
  viewer: number | null,
): Promise<ContactContext["calls"]> {
  const rows = await tx.query<CallRow>({
    name: "contacts.calls",
    text: `select call.id, conversation.id as conversation_id, channel.name as channel_name, call.direction, call.status, call.started_at,
             round(extract(epoch from call.ended_at - call.connected_at))::int as duration
           from conversation
           join message on message.company_id = $1 and message.conversation_id = conversation.id and message.type = 'call'
           join call on call.company_id = $1 and call.id = message.id
           join channel on channel.company_id = $1 and channel.id = call.channel_id
           where conversation.company_id = $1 and conversation.contact_id = $2 and ${reachableBy("$3")}
           order by call.started_at desc, call.id desc limit $4`,
    values: [companyId, contactId, viewer, newestMax],
  })
  return rows.map((row) => ({
    ...row,
    id: formatId("msg", row.id),
    conversation_id: formatId("cnv", row.conversation_id),
    started_at: seconds(row.started_at),
  }))
}
