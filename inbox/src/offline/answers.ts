import type { ConversationList, ConversationRow, ViewCounts } from "@causeway/contract/inbox"
import { type ListQuery, sortRows, viewNames, wants } from "../lists.ts"
import { createValue } from "../value.ts"
import { isKept, keepAnswer, keptAnswer, keptCursor, keptOwner, keptRows } from "./snapshot.ts"

/** Whether something on this page was answered by this device and has not been asked again since. */
export const cameFromDevice = createValue(false)

/** Keeps what the server answered, where screens could be drawn from it. */
export function keepIfUseful(path: string, text: string): void {
  if (isKept(path)) void keepAnswer({ path, text })
}

/** What this device can answer in place of a server that does not; undefined when it cannot. */
export async function answerFromDevice(path: string): Promise<unknown> {
  const [pathname = "", search] = path.split("?")
  const answer =
    pathname === "/causeway/conversations" ? await listAnswer(new URLSearchParams(search)) : await keptAnswer(path)
  if (answer !== undefined) cameFromDevice.set(true)
  return answer
}

/** A list made out of the rows that are kept: all of it at once. */
async function listAnswer(asked: URLSearchParams): Promise<ConversationList | undefined> {
  const [rows, cursor, me] = await Promise.all([keptRows(), keptCursor(), keptOwner()])
  if (cursor === undefined || me === undefined) return undefined
  const query: ListQuery = {
    view: (asked.get("view") ?? "open") as ListQuery["view"],
    sort: (asked.get("sort") ?? "newest") as ListQuery["sort"],
    inbox: asked.get("inbox_id"),
    channel: asked.get("channel_id"),
    tag: asked.get("tag_id"),
    assignee: asked.get("assignee_id"),
  }
  const wanted = sortRows(
    query.sort,
    rows.filter((row) => wants(query, row, me)),
  )
  return { conversations: wanted, more: false, total: wanted.length, counts: countsOf(rows, me), cursor }
}

function countsOf(rows: readonly ConversationRow[], me: string): ViewCounts {
  const plain = { sort: "newest", inbox: null, channel: null, tag: null, assignee: null } as const
  const counts = viewNames.map((view) => [view, rows.filter((row) => wants({ ...plain, view }, row, me)).length])
  const { open, unassigned, mine, failed, drafts, snoozed } = Object.fromEntries(counts) as ViewCounts
  return { open, unassigned, mine, failed, drafts, snoozed }
}
