import type { ConversationRow, MessageView } from "@causeway/contract/inbox"
import { change, readAll, readOne, storeNames } from "./database.ts"

/** Conversations that can be read without a network; what is older makes room. */
export const conversationsMax = 500

/** One answer of the server, as text. */
export interface KeptAnswer {
  path: string
  text: string
}

export interface OfflineSize {
  conversations: number
  /** About, of the text that is kept. */
  bytes: number
}

/** Which answers are kept: what the screens of the inbox ask to show themselves, and no list, since lists are made out of the rows. */
const kept =
  /^\/causeway\/(session|channels|inboxes|tags|teammates|views|conversations\/cnv_[^/?]+(\/(timeline|comments|drafts))?)(\?limit=\d+)?$/

export const isKept = (path: string): boolean => kept.test(path)

/** Keeps an answer. A device that can keep nothing goes on without. */
export async function keepAnswer(answer: KeptAnswer): Promise<void> {
  await change(({ answers }) => answers.put(answer, answer.path)).catch(() => {})
}

/** What was answered to this path last, parsed; undefined when nothing is kept. */
export async function keptAnswer(path: string): Promise<unknown> {
  const answer = await readOne<KeptAnswer>("answers", path).catch(() => undefined)
  return answer === undefined ? undefined : JSON.parse(answer.text)
}

export const keptRows = (): Promise<ConversationRow[]> => readAll<ConversationRow>("rows").catch(() => [])
export const keptMessages = (): Promise<MessageView[]> => readAll<MessageView>("messages").catch(() => [])
/** Where in the feed the rows stood when they were kept. */
export const keptCursor = (): Promise<string | undefined> => readOne<string>("about", "cursor").catch(() => undefined)

/** Whose it is: a teammate's id; undefined: nobody's. */
export async function keptOwner(): Promise<string | undefined> {
  const owner = await readOne<string>("about", "owner").catch(() => undefined)
  return owner?.split(" ")[1]
}

export interface Changes {
  rows: readonly ConversationRow[]
  messages: readonly MessageView[]
  /** How far the stream had been heard. */
  cursor: string
}

/** Keeps what changed, as one. */
export async function keepChanges({ rows, messages, cursor }: Changes): Promise<void> {
  await change((stores) => {
    for (const row of rows) stores.rows.put(row, row.id)
    for (const message of messages) stores.messages.put(message, message.id)
    stores.about.put(cursor, "cursor")
  }).catch(() => {})
}

/** Leaves the newest conversations and what belongs to them. */
export async function prune(): Promise<void> {
  const rows = await keptRows()
  if (rows.length <= conversationsMax) return
  const old = rows.sort((a, b) => b.activity_at - a.activity_at).slice(conversationsMax)
  const gone = new Set(old.map(({ id }) => id))
  const messages = (await keptMessages()).filter((message) => gone.has(message.conversation_id))
  const answers = (await readAll<KeptAnswer>("answers").catch(() => [])).filter(({ path }) =>
    gone.has(path.split("/")[3] ?? ""),
  )
  await change((stores) => {
    for (const id of gone) stores.rows.delete(id)
    for (const { id } of messages) stores.messages.delete(id)
    for (const { path } of answers) stores.answers.delete(path)
  }).catch(() => {})
}

/** Makes what is kept this teammate's: what was somebody else's is removed first. `owner` names company and teammate. */
export async function claim(owner: string): Promise<void> {
  const before = await readOne<string>("about", "owner").catch(() => undefined)
  if (before === owner) return
  await clearOffline()
  await change(({ about }) => about.put(owner, "owner")).catch(() => {})
}

/** Removes everything that is kept to be read without a network. */
export async function clearOffline(): Promise<void> {
  await change((stores) => {
    for (const name of storeNames) stores[name].clear()
  }).catch(() => {})
}

export async function offlineSize(): Promise<OfflineSize> {
  const [rows, messages, answers] = await Promise.all([
    keptRows(),
    keptMessages(),
    readAll<KeptAnswer>("answers").catch(() => []),
  ])
  return { conversations: rows.length, bytes: JSON.stringify([rows, messages, answers]).length }
}
