import type { ConversationRow } from "@causeway/contract/inbox"
import { timelinePath } from "../api.ts"
import { claim, keepAnswer, keepChanges } from "../offline/snapshot.ts"
import * as f from "./fixtures.ts"

/** Keeps what a device has after a day: a conversation's timeline as it was opened, one message that came while it listened, and the newest row. */
export async function keepOnDevice(row: ConversationRow): Promise<void> {
  const session = f.sessionOf("admin")
  await claim(`${session.company.id} ${session.teammate.id}`)
  const own = { conversation_id: row.id }
  const read = [f.message({ ...own, number: 1 }), f.reply({ ...own, number: 2 })]
  const heard = f.message({ ...own, number: 5, text: "I am at home until noon." })
  const items = read.toReversed().map((message) => ({ kind: "message", message }))
  const page = { conversation: { ...row, last_number: 2 }, channel: f.channel(), items, older: null, cursor: f.cursor }
  const answers = {
    "/causeway/session": session,
    "/causeway/channels": { channels: [f.channel()] },
    [timelinePath(row.id, null)]: page,
  }
  for (const [path, body] of Object.entries(answers)) await keepAnswer({ path, text: JSON.stringify(body) })
  await keepChanges({ rows: [row], messages: [heard], cursor: f.cursor })
}
