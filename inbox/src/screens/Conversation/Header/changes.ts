import type { ConversationRow } from "@causeway/contract/inbox"
import { attempt, catchUp } from "../../../actions.ts"
import { api } from "../../../api.ts"
import { directory } from "../../../directory.ts"
import { momentOf } from "../../../format.ts"
import { words } from "../../../words.ts"
import { tell, type Workspace } from "../../../workspace.ts"

/** What the header's menus do. Each tells what it did in the Activity strip, where it can be taken back. */

const said = words.header
const nameOf = (row: ConversationRow): string => row.contact.name || row.contact.handle

/** Does `work`, and offers what takes it back. False when the server refused. */
async function done(
  workspace: Workspace,
  row: ConversationRow,
  work: () => Promise<unknown>,
  back: () => Promise<unknown>,
  text: string,
): Promise<boolean> {
  const run = async (what: () => Promise<unknown>): Promise<boolean> => {
    if (!(await attempt(workspace, what))) return false
    await catchUp(workspace, row.id)
    return true
  }
  if (!(await run(work))) return false
  tell(workspace, text, {
    async undo() {
      await run(back)
    },
  })
  return true
}

/** To a teammate, or to nobody (null). */
export function assign(workspace: Workspace, row: ConversationRow, to: { id: string; name: string } | null) {
  const before = row.assignee?.id ?? null
  const text = to === null ? words.activity.unassigned(nameOf(row)) : said.assign.done(nameOf(row), to.name)
  return done(
    workspace,
    row,
    () => api.update(row.id, { assignee_id: to?.id ?? null }),
    () => api.update(row.id, { assignee_id: before }),
    text,
  )
}

export function toggleTag(workspace: Workspace, row: ConversationRow, tag: { id: string; name: string }, has: boolean) {
  const add = () => directory.tag(row.id, tag.id)
  const remove = () => directory.untag(row.id, tag.id)
  return has
    ? done(workspace, row, remove, add, said.tags.removed(tag.name, nameOf(row)))
    : done(workspace, row, add, remove, said.tags.added(tag.name, nameOf(row)))
}

/** Makes a tag of the company and puts it on. */
export async function createTag(workspace: Workspace, row: ConversationRow, name: string): Promise<void> {
  await attempt(workspace, async () => {
    const tag = await directory.createTag(name)
    await workspace.queries.invalidateQueries({ queryKey: ["tags"] })
    await toggleTag(workspace, row, tag, false)
  })
}

/** `before`: until when it was snoozed, seconds since 1970, so that Undo puts that back. */
export function snooze(workspace: Workspace, row: ConversationRow, until: number | null, before: number | null) {
  const to = (at: number | null) => () => directory.snooze(row.id, workspace.me, at)
  const text =
    until === null ? said.snooze.ended(nameOf(row)) : said.snooze.done(nameOf(row), momentOf(until, Date.now()))
  return done(workspace, row, to(until), to(before), text)
}

export function toggleFollow(
  workspace: Workspace,
  row: ConversationRow,
  who: { id: string; name: string },
  follows: boolean,
) {
  const add = () => directory.follow(row.id, who.id)
  const remove = () => directory.unfollow(row.id, who.id)
  return follows
    ? done(workspace, row, remove, add, said.follow.removed(who.name, nameOf(row)))
    : done(workspace, row, add, remove, said.follow.added(who.name, nameOf(row)))
}

export function trash(workspace: Workspace, row: ConversationRow): Promise<boolean> {
  const before = row.status === "archived" ? "archived" : "open"
  return done(
    workspace,
    row,
    () => api.update(row.id, { status: "deleted" }),
    () => api.update(row.id, { status: before }),
    said.trash.done(nameOf(row)),
  )
}

export function restore(workspace: Workspace, row: ConversationRow): Promise<boolean> {
  return done(
    workspace,
    row,
    () => api.update(row.id, { status: "open" }),
    () => api.update(row.id, { status: "deleted" }),
    said.trash.restored(nameOf(row)),
  )
}
