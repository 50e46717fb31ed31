import { parseId } from "@causeway/contract/ids"
import type { Config } from "@causeway/server/config"
import type { Database } from "@causeway/server/database/database"
import { createPool } from "@causeway/server/database/pool"

/** Where the conversations go; ids as outside. */
export interface ManyConversations {
  companyId: string
  inboxId: string
  channelId: string
  count: number
  /** Of each hundred, the last so many are archived; the rest are open. Default 0. */
  archivedPercent?: number
}

const names = [
  "Mia Kovač",
  "Omar Haddad",
  "Lena Fuchs",
  "Ken Adeyemi",
  "Rosa Díaz",
  "Zoë Meyer",
  "Lin Wei",
  "Ada Okafor",
]
const questions = [
  "Where is my parcel? It should have come on Monday.",
  "Can I change the address of my order?",
  "The invoice shows the wrong name",
  "Thank you, that worked!",
  "Do you ship to Iceland?",
  "My code does not arrive",
]

/**
 * Fills a company with conversations of one message each, a minute apart, written straight into the tables: a hundred thousand in some seconds. The newest one
 * comes last. Everything else a test says goes through the API. By the owner of the tables, who alone may name rows as it likes and count them.
 */
export async function seedConversations(
  { databaseUrl, databaseOwnerUrl }: Config,
  seed: ManyConversations,
): Promise<void> {
  const owner = createPool({ connectionString: databaseOwnerUrl ?? databaseUrl ?? "" }, { connectionsMax: 1 })
  try {
    await fill(owner, seed)
  } finally {
    await owner.close()
  }
}

async function fill(db: Database, seed: ManyConversations): Promise<void> {
  const { count, archivedPercent = 0 } = seed
  const blocks = Math.ceil((count * 3) / 1000) + 1
  // The blocks that are skipped are what the rows are named from, so that nothing named later meets them.
  const taken = await db.query<{ last: number }>({
    text: "select setval('object_id_block', nextval('object_id_block') + $1::bigint) as last",
    values: [blocks],
  })
  const first = ((taken[0]?.last ?? 0) - blocks) * 1000
  const values = [parseId("cmp", seed.companyId), first, count, names, questions]
  const item = `from generate_series(0, $3::int - 1) as n, (select $2::bigint as first, $4::text[] as names, $5::text[] as questions, now() as today) given`
  const at = "date_trunc('milliseconds', today) - make_interval(mins => $3::int - n)"
  const text = "questions[1 + n % array_length(questions, 1)] || ' (' || n || ')'"
  await db.tx(async (tx) => {
    await tx.query({
      text: `insert into contact (company_id, id, name) select $1, first + n, names[1 + n % array_length(names, 1)] ${item} where $5::text[] is not null`,
      values,
    })
    await tx.query({
      text: `insert into conversation (company_id, id, inbox_id, channel_id, contact_id, status, recipient, preview, last_message_id, last_number, last_inbound,
               waiting_since, activity_at, created_at)
             select $1, first + $3::int + n, $6, $7, first + n, case when n % 100 >= 100 - $8::int then 'archived' else 'open' end,
               jsonb_build_object('handle', 'guest' || n, 'name', null, 'role', 'to'), ${text}, first + 2 * $3::int + n, 1, 1, ${at}, ${at}, ${at} ${item}
             where names is not null`,
      values: [...values, parseId("inb", seed.inboxId), parseId("cha", seed.channelId), archivedPercent],
    })
    await tx.query({
      text: `insert into message (company_id, id, conversation_id, channel_id, number, uid, direction, origin, sender_name, body, text, blurb, recipients, created_at)
             select $1, first + 2 * $3::int + n, first + $3::int + n, $6, 1, md5('seed' || (first + n)), 'inbound', 'partner',
               names[1 + n % array_length(names, 1)], ${text}, ${text}, ${text},
               jsonb_build_array(jsonb_build_object('handle', 'guest' || n, 'role', 'from')), ${at} ${item}`,
      values: [...values, parseId("cha", seed.channelId)],
    })
  })
  await db.query({ text: "vacuum analyze conversation" })
  await db.query({ text: "analyze message" })
}
