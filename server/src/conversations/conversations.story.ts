import type { Reply, Story } from "../../../test/story.ts"

/** A customer's conversation: its id and the path of its resource. */
export interface Thread {
  id: string
  path: string
  /** The thread's external_conversation_id. */
  key: string
}

let threads = 0

/** A new conversation that begins with `text`, of whoever has `handle`. */
export async function begin(
  story: Story,
  text = "Is my order late?",
  { handle = "mia", key = `thread_of_${process.pid}_${++threads}` }: { handle?: string; key?: string } = {},
): Promise<Thread> {
  const accepted = await write(story, text, key, handle)
  const message = await story.message(accepted)
  const id = String(message.body._links.related.conversation).split("/").at(-1) as string
  return { id, path: `/conversations/${id}`, key }
}

/** One more message of a thread. */
export async function write(story: Story, text: string, key: string, handle = "mia"): Promise<Reply> {
  const external_id = `${key}_${++threads}`
  const accepted = await story.customerWrites(text, {
    sender: { handle, name: handle === "mia" ? "Mia Kovač" : handle },
    metadata: { external_id, external_conversation_id: key },
  })
  if (accepted.status !== 202) throw new Error(`not accepted: ${accepted.text}`)
  return accepted
}

export const idsOf = (answer: Reply): string[] => answer.body._results.map(({ id }: { id: string }) => id)

/** A tag, link or inbox, by what a POST answers. */
export async function make(story: Story, path: string, json: object): Promise<string> {
  const made = await story.call("POST", path, { token: story.apiToken, json })
  if (made.status !== 201) throw new Error(`${path}: ${made.text}`)
  return made.body.id
}

/** Types of the newest public events of a conversation, oldest first, after those it had. */
export async function publicEvents(story: Story, id: string): Promise<string[]> {
  const rows = await story.server.services.db.query<{ type: string }>({
    text: "select type from event where conversation_id = $1 and is_public order by position",
    values: [Number.parseInt(id.slice(4), 36)],
  })
  return rows.map((row) => row.type)
}
