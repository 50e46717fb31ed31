import { setTimeout as delay } from "node:timers/promises"
import type { ScheduleClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { appendEvents } from "../live/feed.ts"
import type { Log } from "../log.ts"
import { type Change, type ChangeDeps, changeLocked } from "./change.ts"
import { mayOpen } from "./parts.ts"
import { readTeammate, readTimeAhead } from "./update.ts"

/**
 * Snoozes a conversation: it is archived until `scheduledAt` (seconds), when the reminder makes it open again. Null takes the teammate's reminder back;
 * with the last one gone a snoozed conversation is open again. Source: Core API UpdateConversationReminders.
 */
export async function setReminder(
  deps: ChangeDeps & { clock: ScheduleClock },
  member: Member,
  conversationId: number,
  body: { teammate_id: string; scheduled_at: number | null; status_id?: string | undefined },
): Promise<void> {
  const { companyId } = member
  if (body.status_id !== undefined) throw invalid("body.status_id", "is for tickets: ticketing is off here")
  const teammate = await readTeammate(deps.db, companyId, body.teammate_id, "body.teammate_id")
  if (!(await mayOpen(deps.db, companyId, teammate.id, conversationId)))
    throw invalid("body.teammate_id", "may not open the inbox of this conversation")
  const at = readTimeAhead(body.scheduled_at, "body.scheduled_at", deps.clock.now())
  await changeLocked(deps, member, conversationId, (change) =>
    at === null ? cancel(change, companyId, teammate.id) : snooze(change, companyId, teammate.id, at),
  )
}

async function snooze({ tx, before, tell }: Change, companyId: number, teammateId: number, at: Date): Promise<void> {
  await tx.query({
    name: "reminders.set",
    text: `insert into conversation_reminder (company_id, conversation_id, teammate_id, scheduled_at) values ($1, $2, $3, $4)
           on conflict (company_id, conversation_id, teammate_id) do update set scheduled_at = excluded.scheduled_at, updated_at = now()`,
    values: [companyId, before.id, teammateId, at],
  })
  tell("snooze", { type: "teammate", teammate_id: teammateId, until: at.getTime() / 1000 })
  if (before.status !== "open") return
  await setStatus(tx, companyId, before.id, "archived")
  tell("archive")
}

async function cancel({ tx, before, tell }: Change, companyId: number, teammateId: number): Promise<void> {
  const rows = await tx.query({
    name: "reminders.cancel",
    text: "delete from conversation_reminder where company_id = $1 and conversation_id = $2 and teammate_id = $3 returning teammate_id",
    values: [companyId, before.id, teammateId],
  })
  if (rows.length === 0) return
  tell("conversation_changed")
  if (before.status !== "archived" || (await hasReminder(tx, companyId, before.id))) return
  await setStatus(tx, companyId, before.id, "open")
  tell("reopen")
}

async function hasReminder(tx: Tx, companyId: number, conversationId: number): Promise<boolean> {
  const rows = await tx.query({
    name: "reminders.any",
    text: "select from conversation_reminder where company_id = $1 and conversation_id = $2 limit 1",
    values: [companyId, conversationId],
  })
  return rows.length > 0
}

const setStatus = (tx: Tx, companyId: number, id: number, status: "archived" | "open") =>
  tx.query({
    name: "reminders.set_status",
    text: "update conversation set status = $3 where company_id = $1 and id = $2",
    values: [companyId, id, status],
  })

/** What ends snoozes. */
export interface ReminderEngine {
  wake(): void
  /** Resolves when no reminder is due on the schedule clock. */
  settle(): Promise<void>
  stop(): Promise<void>
}

export interface ReminderDeps {
  db: Database
  ids: Ids
  clock: ScheduleClock
  log: Log
  committed(companyIds: Iterable<number>): void
}

const pollMs = 1_000
const chunk = 100

/**
 * Looks once a second for reminders that are due: one index, and no rows as a rule. Any number of processes may look at once: who takes a reminder's row
 * ends its snooze, and the other finds it gone.
 */
export function startReminders(deps: ReminderDeps): ReminderEngine {
  let stopped = false
  let looking: Promise<void> | null = null
  const timer = setInterval(() => void look(), pollMs)
  timer.unref()
  const unsubscribe = deps.clock.onAdvance(() => void look())

  async function lookOnce(): Promise<void> {
    try {
      while (!stopped && (await endDue(deps)) === chunk) {}
    } catch (error) {
      deps.log.warn({ err: error }, "reminders.cannot_look")
    }
  }

  function look(): Promise<void> {
    if (stopped) return Promise.resolve()
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  return {
    wake: () => {},
    async settle() {
      await looking
      while (!stopped && (await listDue(deps, 1)).length > 0) {
        await look()
        await delay(1)
      }
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      unsubscribe()
      await looking
    },
  }
}

interface DueRow {
  company_id: number
  conversation_id: number
}

/** Walks conversation_reminder_due. */
const listDue = (deps: ReminderDeps, max: number): Promise<DueRow[]> =>
  deps.db.query<DueRow>({
    name: "reminders.due",
    text: "select company_id, conversation_id from conversation_reminder where scheduled_at <= $1 order by scheduled_at limit $2",
    values: [deps.clock.now(), max],
  })

/** How many were found. */
async function endDue(deps: ReminderDeps): Promise<number> {
  const due = await listDue(deps, chunk)
  const conversations = new Map(due.map((row) => [`${row.company_id}\n${row.conversation_id}`, row]))
  for (const row of conversations.values()) await end(deps, row)
  return due.length
}

/** All that is due of a conversation at once: it is open again, at the top of the list, and an event of the vendor's says why. */
async function end(
  deps: ReminderDeps,
  { company_id: companyId, conversation_id: conversationId }: DueRow,
): Promise<void> {
  await deps.ids.reserve(1)
  const isOurs = await deps.db.tx(async (tx) => {
    await tx.query({
      name: "reminders.lock",
      text: "select from conversation where company_id = $1 and id = $2 for no key update",
      values: [companyId, conversationId],
    })
    const ended = await tx.query<{ teammate_id: number }>({
      name: "reminders.end",
      text: "delete from conversation_reminder where company_id = $1 and conversation_id = $2 and scheduled_at <= $3 returning teammate_id",
      values: [companyId, conversationId, deps.clock.now()],
    })
    if (ended.length === 0) return false
    const open = await tx.query({
      name: "reminders.reopen",
      text: `update conversation set status = case when status = 'archived' then 'open' else status end, version = version + 1, updated_at = now(),
               activity_at = greatest(activity_at, date_trunc('milliseconds', now()))
             where company_id = $1 and id = $2 returning id`,
      values: [companyId, conversationId],
    })
    if (open.length === 0) return false
    const source = { type: "reminder" }
    await appendEvents(tx, companyId, [{ id: deps.ids.take(), type: "reminder", conversationId, source }])
    return true
  })
  if (isOurs) deps.committed([companyId])
}
