import type { ConversationChange } from "@causeway/contract/endpoints/conversations"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Tx } from "../database/database.ts"
import type { Member, Principal } from "../http/callers.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { getInboxFor } from "../inboxes/store.ts"
import { memberOf } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { type Change, type ChangeDeps, changeLocked, type LockedConversation } from "./change.ts"
import { readTagIds, replaceTags } from "./parts.ts"
import type { ConversationRow } from "./read.ts"

/** A change as it is asked for, its names looked up; what is undefined stays. */
interface Asked {
  status?: LockedConversation["status"] | undefined
  assigneeId?: number | null
  inboxId?: number
  tagIds?: number[]
  customFields?: Record<string, unknown>
  description?: string | null | undefined
  dueAt?: Date | null
}

/**
 * Changes what a body says; what is as asked already makes no event. Source: Core API UpdateConversation. Throws 400 for names that lead nowhere,
 * 403 for an observer, 301 and 404 as everywhere.
 */
export async function changeConversation(
  deps: ChangeDeps,
  principal: Principal,
  row: Pick<ConversationRow, "company_id" | "id" | "type">,
  change: ConversationChange,
): Promise<void> {
  const member = memberOf(principal)
  const asked = await read(deps.db, member, row, change)
  await changeLocked(deps, member, row.id, async (locked) => {
    const { before } = locked
    if (asked.inboxId !== undefined && before.inbox_id === null)
      throw new HttpError(400, "A discussion between teammates is in no inbox and cannot be moved to one")
    await checkAssignee(locked.tx, member.companyId, asked, before)
    await save(locked, member.companyId, asked)
    tellWhatChanged(locked, asked)
    if (asked.tagIds !== undefined) await replaceTags(locked, member, asked.tagIds)
  })
}

async function read(
  tx: Tx,
  member: Member,
  row: Pick<ConversationRow, "type">,
  change: ConversationChange,
): Promise<Asked> {
  const { companyId } = member
  if (change.status_id !== undefined)
    throw invalid("body.status_id", "is for tickets: ticketing is off here, use status")
  if (row.type !== "task" && (change.description !== undefined || change.due_at !== undefined))
    throw invalid(change.description === undefined ? "body.due_at" : "body.description", "is only for tasks")
  return {
    status: change.status,
    description: change.description,
    ...(change.assignee_id !== undefined && { assigneeId: await readAssignee(tx, companyId, change.assignee_id) }),
    ...(change.inbox_id !== undefined && { inboxId: await readInbox(tx, member, change.inbox_id) }),
    ...(change.tag_ids !== undefined && { tagIds: await readTagIds(tx, member, change.tag_ids) }),
    ...(change.due_at !== undefined && { dueAt: readTimeAhead(change.due_at, "body.due_at", new Date()) }),
    ...(change.custom_fields !== undefined && {
      customFields: await readCustomFields(tx, companyId, "conversation", change.custom_fields),
    }),
  }
}

/** The teammate whom a body names; 400 when it is nobody. */
export async function readTeammate(
  tx: Tx,
  companyId: number,
  reference: string,
  field: string,
): Promise<{ id: number }> {
  const teammate = await resolveTeammate(tx, companyId, reference)
  if (teammate === null) throw invalid(field, "names no teammate")
  return teammate
}

const readAssignee = async (tx: Tx, companyId: number, reference: string | null): Promise<number | null> =>
  reference === null ? null : (await readTeammate(tx, companyId, reference, "body.assignee_id")).id

/** The inbox that a body names, if the caller may open it; 400 when there is none. */
export async function readInbox(tx: Tx, member: Member, reference: string): Promise<number> {
  try {
    return (await getInboxFor(tx, member, reference)).id
  } catch (error) {
    throw error instanceof HttpError && error.status === 404 ? invalid("body.inbox_id", "names no inbox") : error
  }
}

const yearsAheadMax = 50

/** A time in seconds that is still to come (Core API: "in the future and within 50 years"); null stays null. */
export function readTimeAhead(seconds: number, field: string, now: Date): Date
export function readTimeAhead(seconds: number | null, field: string, now: Date): Date | null
export function readTimeAhead(seconds: number | null, field: string, now: Date): Date | null {
  if (seconds === null) return null
  const time = new Date(Math.round(seconds * 1000))
  const latest = new Date(now)
  latest.setUTCFullYear(latest.getUTCFullYear() + yearsAheadMax)
  if (!(time > now && time < latest))
    throw invalid(field, `must be a time in seconds, in the future and within ${yearsAheadMax} years`)
  return time
}

/** Nobody is given what they cannot open: it would be answered by nobody. */
async function checkAssignee(tx: Tx, companyId: number, asked: Asked, before: LockedConversation): Promise<void> {
  const { assigneeId } = asked
  const inboxId = asked.inboxId ?? before.inbox_id
  if (assigneeId === undefined || assigneeId === null || assigneeId === before.assignee_id) return
  const rows = await tx.query({
    name: "conversations.may_assign", // the primary keys of teammate, inbox, inbox_teammate and conversation_follower
    text: `select from teammate where company_id = $1 and id = $2 and not is_blocked and (role = 'admin'
             or exists (select from inbox where inbox.company_id = $1 and inbox.id = $3 and inbox.is_public)
             or exists (select from inbox_teammate access where access.company_id = $1 and access.inbox_id = $3 and access.teammate_id = $2)
             or $3::bigint is null and exists (select from conversation_follower follower where follower.company_id = $1
               and follower.conversation_id = $4 and follower.teammate_id = $2))`,
    values: [companyId, assigneeId, inboxId, before.id],
  })
  if (rows.length === 0)
    throw invalid("body.assignee_id", "names a teammate who is blocked or may not open the inbox of this conversation")
}

async function save({ tx, before }: Change, companyId: number, asked: Asked): Promise<void> {
  const orBefore = <T>(value: T | undefined, was: T): T => (value === undefined ? was : value)
  await tx.query({
    name: "conversations.change",
    text: `update conversation set status = $3, assignee_id = $4, inbox_id = $5, custom_fields = $6, description = $7, due_at = $8
           where company_id = $1 and id = $2`,
    values: [
      companyId,
      before.id,
      orBefore(asked.status, before.status),
      orBefore(asked.assigneeId, before.assignee_id),
      orBefore<number | null>(asked.inboxId, before.inbox_id),
      JSON.stringify(orBefore(asked.customFields, before.custom_fields)),
      orBefore(asked.description, before.description),
      orBefore(asked.dueAt, before.due_at),
    ],
  })
}

const isTrash = (status: LockedConversation["status"]): boolean => status === "deleted" || status === "spam"

function tellWhatChanged({ before, tell }: Change, asked: Asked): void {
  tellStatus({ before, tell }, asked.status ?? before.status)
  const { assigneeId, inboxId } = asked
  if (assigneeId !== undefined && assigneeId !== before.assignee_id)
    tell(assigneeId === null ? "unassign" : "assign", {
      type: "teammate",
      teammate_id: assigneeId ?? before.assignee_id,
    })
  if (inboxId !== undefined && inboxId !== before.inbox_id) tell("move", { type: "inboxes", inbox_ids: [inboxId] })
  if (asked.customFields !== undefined) tellFields({ before, tell }, asked.customFields)
  const isRetold = asked.description !== undefined && asked.description !== before.description
  const isRedated = asked.dueAt !== undefined && asked.dueAt?.getTime() !== before.due_at?.getTime()
  if (isRetold || isRedated) tell("conversation_changed")
}

/** What is taken out of the trash was restored, whatever it is now; between the two kinds of trash there is no event of the vendor's. */
export function tellStatus(
  { before, tell }: { before: Pick<LockedConversation, "status">; tell: Change["tell"] },
  status: LockedConversation["status"],
): void {
  if (status === before.status) return
  const wasTrash = isTrash(before.status)
  if (isTrash(status)) tell(wasTrash ? "conversation_changed" : "trash")
  else if (wasTrash) tell("restore")
  if (status === "archived") tell("archive")
  if (status === "open" && !wasTrash) tell("reopen")
}

function tellFields({ before, tell }: Pick<Change, "before" | "tell">, after: Record<string, unknown>): void {
  const names = new Set([...Object.keys(before.custom_fields), ...Object.keys(after)])
  for (const name of names)
    if (before.custom_fields[name] !== after[name]) tell("custom_field_updated", { type: "custom_field", name })
}
