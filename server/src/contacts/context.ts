import type { ContactContext, PhoneReading } from "@causeway/contract/endpoints/contact-context"
import { formatId } from "@causeway/contract/ids"
import type { CallStatus } from "@causeway/contract/resources/call"
import parsePhoneNumber from "libphonenumber-js/min"
import { reachableBy } from "../conversations/reach.ts"
import { findConversations } from "../conversations/read.ts"
import { conversationViews } from "../conversations/row.ts"
import type { Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"
import { findSamePerson } from "./similar.ts"
import type { ContactRow } from "./store.ts"

/** Calls and conversations: further back, a search finds them. */
const newestMax = 20

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
