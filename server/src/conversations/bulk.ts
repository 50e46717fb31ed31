import { formatId, parseId } from "@causeway/contract/ids"
import type { BulkChange, BulkRefusal, BulkResult } from "@causeway/contract/inbox-bulk"
import type { ScheduleClock } from "../clock.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { opensFor } from "../inboxes/store.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { requireWriter, sessionOf } from "../teammates/roles.ts"
import { type Change, type ChangeDeps, type LockedConversation, sourceOf } from "./change.ts"
import { readTagIds } from "./parts.ts"
import { reachableBy } from "./reach.ts"
import { readTeammate, readTimeAhead, tellStatus } from "./update.ts"

type Status = LockedConversation["status"]

/** A change as it is asked for, its names looked up; what is undefined stays. */
interface Asked {
  status: Status | undefined
  assigneeId: number | null | undefined
  addTags: number[]
  removeTags: number[]
  snoozeUntil: Date | null | undefined
}

interface Row {
  id: number
  status: Status
  assignee_id: number | null
  merged_into: number | null
  /** Whether whoever is to have it may open it. */
  may_assign: boolean
  tag_ids: number[]
  /** Until when the one who asks has snoozed it, seconds. */
  snoozed_until: number | null
}

/** What becomes of one of them. */
interface Outcome {
  row: Row
  status: Status
  assigneeId: number | null
  added: number[]
  removed: number[]
  before: BulkChange
}

/** The most events of one conversation: status twice, assignee, snooze, every tag. */
const eventsPerConversation = 48

/**
 * Changes many conversations in one transaction, a statement a table. Those that cannot be changed are named and the others changed all the same; what is as
 * asked already is among neither. Each of the changed comes with the change that takes it back. Throws 400 for names that lead nowhere, 403 for an observer.
 */
export async function changeMany(
  deps: ChangeDeps & { clock: ScheduleClock },
  principal: Principal,
  references: readonly string[],
  change: BulkChange,
): Promise<BulkResult> {
  requireWriter(principal)
  const member = sessionOf(principal)
  const { companyId, teammateId } = member
  const asked = await read(deps, member, change)
  const ids = new Map(references.map((reference) => [reference, parseId("cnv", reference)]))
  await deps.ids.reserve(ids.size * eventsPerConversation)
  const result = await deps.db.tx(async (tx): Promise<BulkResult> => {
    const wanted = [...ids.values()].filter((id) => id !== null)
    const rows = await lockRows(tx, { companyId, teammateId, viewer: opensFor(principal) }, wanted, asked)
    const refused: BulkResult["refused"] = []
    const outcomes: Outcome[] = []
    for (const [reference, id] of ids) {
      const row = rows.find((candidate) => candidate.id === id)
      const reason = refusalOf(row, asked)
      if (reason !== null) refused.push({ id: reference, reason })
      else outcomes.push(outcomeOf(row as Row, asked))
    }
    const changed = outcomes.filter(({ before }) => Object.keys(before).length > 0)
    await write(tx, { companyId, teammateId }, changed, asked)
    await appendEvents(
      tx,
      companyId,
      changed.flatMap((outcome) => eventsOf(deps, outcome, asked, { source: sourceOf(member), teammateId })),
    )
    return { changed: changed.map(({ row, before }) => ({ id: formatId("cnv", row.id), before })), refused }
  })
  deps.committed([companyId])
  return result
}

async function read(
  deps: ChangeDeps & { clock: ScheduleClock },
  member: ReturnType<typeof sessionOf>,
  change: BulkChange,
): Promise<Asked> {
  const { assignee_id: assignee, snooze_until: until, add_tag_ids: add = [], remove_tag_ids: remove = [] } = change
  return {
    status: change.status,
    assigneeId:
      assignee === undefined || assignee === null
        ? assignee
        : (await readTeammate(deps.db, member.companyId, assignee, "body.change.assignee_id")).id,
    addTags: await readTagIds(deps.db, member, add, "body.change.add_tag_ids"),
    removeTags: await readTagIds(deps.db, member, remove, "body.change.remove_tag_ids"),
    snoozeUntil: until === undefined ? undefined : readTimeAhead(until, "body.change.snooze_until", deps.clock.now()),
  }
}

/** In id order, as everywhere. By the primary keys. */
const lockRows = (
  tx: Tx,
  reader: { companyId: number; teammateId: number; viewer: number | null },
  ids: readonly number[],
  asked: Asked,
): Promise<Row[]> =>
  tx.query<Row>({
    name: "conversations.lock_many",
    text: `select id, status, assignee_id, merged_into,
             coalesce((select not is_blocked and (role = 'admin'
                 or exists (select from inbox where inbox.company_id = $1 and inbox.id = conversation.inbox_id and inbox.is_public)
                 or exists (select from inbox_teammate access where access.company_id = $1 and access.inbox_id = conversation.inbox_id and access.teammate_id = $5)
                 or conversation.inbox_id is null and exists (select from conversation_follower follower where follower.company_id = $1
                   and follower.conversation_id = conversation.id and follower.teammate_id = $5))
               from teammate where teammate.company_id = $1 and teammate.id = $5), false) as may_assign,
             array(select tag_id from conversation_tag where company_id = $1 and conversation_id = conversation.id and tag_id = any($6::bigint[])) as tag_ids,
             (select extract(epoch from scheduled_at)::float8 from conversation_reminder
              where company_id = $1 and conversation_id = conversation.id and teammate_id = $3) as snoozed_until
           from conversation where company_id = $1 and id = any($2::bigint[]) and ${reachableBy("$4")} order by id for no key update of conversation`,
    values: [
      reader.companyId,
      ids,
      reader.teammateId,
      reader.viewer,
      asked.assigneeId ?? null,
      [...asked.addTags, ...asked.removeTags],
    ],
  })

function refusalOf(row: Row | undefined, asked: Asked): BulkRefusal | null {
  if (row === undefined) return "not_found"
  if (row.merged_into !== null) return "merged"
  const isGiven = asked.assigneeId !== undefined && asked.assigneeId !== null && asked.assigneeId !== row.assignee_id
  return isGiven && !row.may_assign ? "closed_to_assignee" : null
}

function outcomeOf(row: Row, asked: Asked): Outcome {
  const { snoozeUntil } = asked
  const isSnoozed = snoozeUntil !== undefined && snoozeUntil !== null
  const status = asked.status ?? statusWhen(row, snoozeUntil)
  const assigneeId = asked.assigneeId === undefined ? row.assignee_id : asked.assigneeId
  const added = asked.addTags.filter((id) => !row.tag_ids.includes(id))
  const removed = asked.removeTags.filter((id) => row.tag_ids.includes(id))
  const before: BulkChange = {
    ...(status !== row.status && { status: row.status }),
    ...(assigneeId !== row.assignee_id && {
      assignee_id: row.assignee_id === null ? null : formatId("tea", row.assignee_id),
    }),
    ...(added.length > 0 && { remove_tag_ids: added.map((id) => formatId("tag", id)) }),
    ...(removed.length > 0 && { add_tag_ids: removed.map((id) => formatId("tag", id)) }),
    ...((isSnoozed || (snoozeUntil === null && row.snoozed_until !== null)) && { snooze_until: row.snoozed_until }),
  }
  return { row, status, assigneeId, added, removed, before }
}

/** Snoozed is archived; what is snoozed no longer is open again. */
function statusWhen(row: Row, snoozeUntil: Date | null | undefined): Status {
  if (snoozeUntil === undefined) return row.status
  if (snoozeUntil === null) return row.status === "archived" && row.snoozed_until !== null ? "open" : row.status
  return row.status === "open" ? "archived" : row.status
}

async function write(
  tx: Tx,
  { companyId, teammateId }: { companyId: number; teammateId: number },
  outcomes: readonly Outcome[],
  asked: Asked,
): Promise<void> {
  const ids = outcomes.map(({ row }) => row.id)
  if (ids.length === 0) return
  await tx.query({
    name: "conversations.change_many",
    text: `update conversation set status = new.status, assignee_id = new.assignee_id, version = version + 1, updated_at = now()
           from unnest($2::bigint[], $3::text[], $4::bigint[]) as new(id, status, assignee_id)
           where conversation.company_id = $1 and conversation.id = new.id`,
    values: [companyId, ids, outcomes.map(({ status }) => status), outcomes.map(({ assigneeId }) => assigneeId)],
  })
  const added = outcomes.flatMap(({ row, added }) => added.map((tagId) => ({ id: row.id, tagId })))
  if (added.length > 0)
    await tx.query({
      name: "conversations.tag_many",
      text: `insert into conversation_tag (company_id, conversation_id, tag_id) select $1, * from unnest($2::bigint[], $3::bigint[]) on conflict do nothing`,
      values: [companyId, added.map(({ id }) => id), added.map(({ tagId }) => tagId)],
    })
  if (asked.removeTags.length > 0)
    await tx.query({
      name: "conversations.untag_many",
      text: "delete from conversation_tag where company_id = $1 and conversation_id = any($2::bigint[]) and tag_id = any($3::bigint[])",
      values: [companyId, ids, asked.removeTags],
    })
  if (asked.snoozeUntil === undefined) return
  if (asked.snoozeUntil === null)
    await tx.query({
      name: "reminders.cancel_many",
      text: "delete from conversation_reminder where company_id = $1 and conversation_id = any($2::bigint[]) and teammate_id = $3",
      values: [companyId, ids, teammateId],
    })
  else
    await tx.query({
      name: "reminders.set_many",
      text: `insert into conversation_reminder (company_id, conversation_id, teammate_id, scheduled_at) select $1, unnest($2::bigint[]), $3, $4
             on conflict (company_id, conversation_id, teammate_id) do update set scheduled_at = excluded.scheduled_at, updated_at = now()`,
      values: [companyId, ids, teammateId, asked.snoozeUntil],
    })
}

function eventsOf(
  deps: Pick<ChangeDeps, "ids">,
  { row, status, assigneeId, added, removed }: Outcome,
  asked: Asked,
  { source, teammateId }: { source: object; teammateId: number },
): FeedEvent[] {
  const events: FeedEvent[] = []
  const tell: Change["tell"] = (type, target) =>
    void events.push({
      id: deps.ids.take(),
      type,
      conversationId: row.id,
      source,
      ...(target !== undefined && { target }),
    })
  if (asked.snoozeUntil) tell("snooze", { type: "teammate", teammate_id: teammateId })
  if (asked.snoozeUntil === null) tell("conversation_changed")
  tellStatus({ before: row, tell }, status)
  if (assigneeId !== row.assignee_id)
    tell(assigneeId === null ? "unassign" : "assign", { type: "teammate", teammate_id: assigneeId ?? row.assignee_id })
  for (const id of added) tell("tag", { type: "tag", tag_id: id })
  for (const id of removed) tell("untag", { type: "tag", tag_id: id })
  return events
}
