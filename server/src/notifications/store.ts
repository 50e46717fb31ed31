import type {
  NotificationChange,
  NotificationLevel,
  NotificationPreferences,
} from "@causeway/contract/endpoints/notifications"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { opensFor } from "../inboxes/store.ts"

type Person = Extract<Member, { kind: "session" }>

const followingMax = 500

interface PreferenceRow {
  levels: Record<string, NotificationLevel>
  sound: NotificationPreferences["sound"]
  quiet_from: number | null
  quiet_to: number | null
}

const usual: PreferenceRow = { levels: {}, sound: "background", quiet_from: null, quiet_to: null }

/** Observers answer nobody: they are told of nothing until they ask for it. */
const usualLevel = ({ role }: Person): NotificationLevel => (role === "observer" ? "none" : "mine")

/** A teammate's preferences, with every inbox that is open to them. */
export async function readPreferences(tx: Tx, person: Person): Promise<NotificationPreferences> {
  const [row, inboxes, following] = await Promise.all([
    findRow(tx, person),
    openInboxes(tx, person),
    findFollowing(tx, person),
  ])
  return {
    inboxes: inboxes.map(({ id, name }) => ({ id, name, level: row.levels[id] ?? usualLevel(person) })),
    sound: row.sound,
    quiet_hours: row.quiet_from === null || row.quiet_to === null ? null : { from: row.quiet_from, to: row.quiet_to },
    following,
  }
}

/** Changes what is given. Throws 400 for an inbox that is not open to the teammate. */
export async function changePreferences(tx: Tx, person: Person, change: NotificationChange): Promise<void> {
  const open = new Set((await openInboxes(tx, person)).map(({ id }) => id))
  const closed = Object.keys(change.levels ?? {}).find((id) => !open.has(id))
  if (closed !== undefined) throw invalid(`body.levels.${closed}`, "names no inbox")
  const quiet = change.quiet_hours
  await tx.query({
    name: "notifications.change", // one statement, so that two tabs of one person do not lose each other's change
    text: `insert into notification_preference as known (company_id, teammate_id, levels, sound, quiet_from, quiet_to)
           values ($1, $2, $3, coalesce($4, 'background'), $5, $6)
           on conflict (company_id, teammate_id) do update set levels = known.levels || excluded.levels, sound = coalesce($4, known.sound),
             quiet_from = case when $7 then $5 else known.quiet_from end, quiet_to = case when $7 then $6 else known.quiet_to end, updated_at = now()`,
    values: [
      person.companyId,
      person.teammateId,
      JSON.stringify(change.levels ?? {}),
      change.sound ?? null,
      quiet?.from ?? null,
      quiet?.to ?? null,
      quiet !== undefined,
    ],
  })
}

async function findRow(tx: Tx, { companyId, teammateId }: Person): Promise<PreferenceRow> {
  const rows = await tx.query<PreferenceRow>({
    name: "notifications.find",
    text: "select levels, sound, quiet_from, quiet_to from notification_preference where company_id = $1 and teammate_id = $2",
    values: [companyId, teammateId],
  })
  return rows[0] ?? usual
}

async function openInboxes(tx: Tx, person: Person): Promise<{ id: string; name: string }[]> {
  const rows = await tx.query<{ id: number; name: string }>({
    name: "notifications.inboxes", // by the primary keys of inbox and inbox_teammate
    text: `select id, name from inbox where company_id = $1 and ($2::bigint is null or is_public or exists (
             select from inbox_teammate access where access.company_id = $1 and access.inbox_id = inbox.id and access.teammate_id = $2))
           order by id limit 500`,
    values: [person.companyId, opensFor(person)],
  })
  return rows.map(({ id, name }) => ({ id: formatId("inb", id), name }))
}

async function findFollowing(tx: Tx, { companyId, teammateId }: Person): Promise<string[]> {
  const rows = await tx.query<{ conversation_id: number }>({
    name: "notifications.following", // walks conversation_follower_teammate
    text: "select conversation_id from conversation_follower where company_id = $1 and teammate_id = $2 order by conversation_id desc limit $3",
    values: [companyId, teammateId, followingMax],
  })
  return rows.map((row) => formatId("cnv", row.conversation_id))
}
