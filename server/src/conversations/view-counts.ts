import { formatId } from "@causeway/contract/ids"
import type { ViewCounts } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import { type ListFilter, type ListOwner, listCondition } from "./views.ts"

/** What counting in a large company costs is spent once for everybody who looks within a moment. */
export interface Counts {
  /** The views and their numbers as one teammate sees them, and how many are open in each inbox and channel. */
  views(owner: ListOwner): Promise<{ counts: ViewCounts; inboxes: Open[]; channels: Open[] }>
  /** How many a list has. */
  total(owner: ListOwner, filter: ListFilter): Promise<number>
}

interface Open {
  id: string
  open: number
}

/** A cell of the open conversations of a company. `inbox_id` null: between teammates, `follower_ids` see them. */
interface Cell {
  inbox_id: number | null
  channel_id: number | null
  assignee_id: number | null
  count: number
}

/** What so many conversations had to be counted for is kept for a moment; smaller figures are counted anew each time. */
const costly = 5_000
const keptMs = 2_000
/** What takes longer to count is kept longer: counting one list takes no more than a fiftieth of a connection's time. */
const keptPerCountMs = 50
/** For so long a figure that is past its time is still told, while it is counted anew for the next who looks. */
const oldMs = 10_000
const keptMax = 1_000

interface Kept {
  value: Promise<unknown>
  until: number
  /** Whether somebody counts anew already. */
  isRenewed: boolean
}

export function createCounts(db: Tx, now: () => number = () => performance.now()): Counts {
  const kept = new Map<string, Kept>()

  /** The value that `count` finds. `size`: how many were counted for it. */
  function remember<Value>(key: string, count: () => Promise<Value>, size: (value: Value) => number): Promise<Value> {
    const known = kept.get(key)
    if (known !== undefined && known.until + oldMs > now()) {
      if (known.until <= now() && !known.isRenewed) {
        known.isRenewed = true
        void renew(key, count, size)
      }
      return known.value as Promise<Value>
    }
    return renew(key, count, size)
  }

  function renew<Value>(key: string, count: () => Promise<Value>, size: (value: Value) => number): Promise<Value> {
    const began = now()
    const value = count()
    value.then(
      (found) => {
        if (kept.size >= keptMax) kept.clear()
        const until = now() + Math.max(keptMs, (now() - began) * keptPerCountMs)
        if (size(found) >= costly) kept.set(key, { until, value, isRenewed: false })
        else kept.delete(key)
      },
      () => void kept.delete(key), // told to whoever asked, or asked again
    )
    return value
  }

  const total = async (owner: ListOwner, filter: ListFilter): Promise<number> => {
    const { sql, values } = listCondition(owner, filter)
    return await remember(
      `${sql}\n${values}`,
      async () => {
        const rows = await db.query<{ count: number }>({
          text: `select count(*)::int as count from conversation where ${sql}`,
          values,
        })
        return rows[0]?.count ?? 0
      },
      (count) => count,
    )
  }

  return {
    total,
    async views(owner) {
      const { companyId, teammateId } = owner
      const of = (view: ListFilter["view"]): Promise<number> =>
        total(owner, { view, inboxId: null, channelId: null, tagId: null, assigneeId: null })
      const [cells, reachable, failed, drafts, snoozed] = await Promise.all([
        remember(`cells\n${companyId}`, () => countOpen(db, companyId), sum),
        reachableInboxes(db, owner),
        of("failed"),
        of("drafts"),
        of("snoozed"),
      ])
      const shared = cells.filter(
        ({ inbox_id }) => inbox_id !== null && (reachable === null || reachable.has(inbox_id)),
      )
      const own = await countBetweenTeammates(db, owner)
      const seen = [...shared, ...own]
      return {
        counts: {
          open: sum(seen),
          unassigned: sum(seen.filter(({ assignee_id }) => assignee_id === null)),
          mine: sum(seen.filter(({ assignee_id }) => assignee_id === teammateId)),
          failed,
          drafts,
          snoozed,
        },
        inboxes: openBy("inb", seen, ({ inbox_id }) => inbox_id),
        channels: openBy("cha", seen, ({ channel_id }) => channel_id),
      }
    },
  }
}

const sum = (cells: readonly Cell[]): number => cells.reduce((all, { count }) => all + count, 0)

function openBy(prefix: "inb" | "cha", cells: readonly Cell[], of: (cell: Cell) => number | null): Open[] {
  const groups = Map.groupBy(
    cells.filter((cell) => of(cell) !== null),
    of,
  )
  return [...groups].map(([id, group]) => ({ id: formatId(prefix, id as number), open: sum(group) }))
}

/** Walks conversation_list once, the index alone. */
const countOpen = (tx: Tx, companyId: number): Promise<Cell[]> =>
  tx.query<Cell>({
    name: "conversations.count_open",
    text: `select inbox_id, channel_id, assignee_id, count(*)::int as count from conversation
           where company_id = $1 and status = 'open' and merged_into is null group by inbox_id, channel_id, assignee_id`,
    values: [companyId],
  })

/** Discussions in no inbox, which their followers see, and admins all of. Walks conversation_inbox. */
const countBetweenTeammates = (tx: Tx, { companyId, viewer }: ListOwner): Promise<Cell[]> =>
  tx.query<Cell>({
    name: "conversations.count_between",
    text: `select inbox_id, channel_id, assignee_id, count(*)::int as count from conversation
           where company_id = $1 and inbox_id is null and status = 'open' and merged_into is null
             and ($2::bigint is null or exists (select from conversation_follower follower
               where follower.company_id = $1 and follower.conversation_id = conversation.id and follower.teammate_id = $2))
           group by inbox_id, channel_id, assignee_id`,
    values: [companyId, viewer],
  })

/** Null: all of them. */
async function reachableInboxes(tx: Tx, { companyId, viewer }: ListOwner): Promise<Set<number> | null> {
  if (viewer === null) return null
  const rows = await tx.query<{ id: number }>({
    name: "conversations.reachable_inboxes",
    text: `select id from inbox where company_id = $1 and (is_public or exists (select from inbox_teammate access
             where access.company_id = $1 and access.inbox_id = inbox.id and access.teammate_id = $2))`,
    values: [companyId, viewer],
  })
  return new Set(rows.map((row) => row.id))
}
