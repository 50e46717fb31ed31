import { mentionsMax } from "@causeway/contract/limits"
import type { Tx } from "../database/database.ts"

/** `@username` where no word goes on before it: an e-mail address names nobody. */
const mention = /(?<![\w@./])@(\w{1,100})/g

/** The usernames that a text writes with an @, in lower case, each once, in its order. */
export const namesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(mention)].map(([, name]) => (name as string).toLowerCase())),
]

/** The teammates whom `text` names, in its order, at most as many as one comment may tell. Names of nobody stay mere text. Walks teammate_username. */
export async function findMentioned(tx: Tx, companyId: number, text: string): Promise<number[]> {
  const names = namesIn(text)
  if (names.length === 0) return []
  const rows = await tx.query<{ id: number }>({
    name: "comments.mentioned",
    text: `select id from teammate where company_id = $1 and lower(username) = any($2::text[]) and not is_blocked
           order by array_position($2::text[], lower(username)) limit $3`,
    values: [companyId, names, mentionsMax],
  })
  return rows.map((row) => row.id)
}
