import type { ChannelView, ConversationRow, MessageView } from "@causeway/contract/inbox"
import { ApiError, api, type ReplyBody } from "./api.ts"
import { restoreDraft } from "./drafts.ts"
import { htmlOf } from "./plain-text.ts"
import { saidHere } from "./refusal.ts"
import type { OutboxEntry } from "./sending.ts"
import { words } from "./words.ts"
import { tell, tellProblem, type Workspace } from "./workspace.ts"

/** What a person may do with conversations and replies. Each asks the server; the screen changes when the server says it did. */

type Change = Parameters<typeof api.update>[1]

const nameOf = (row: ConversationRow): string => row.contact.name ?? row.contact.handle

/** Whether it went through; a refusal is told in the Activity strip. */
export async function attempt(workspace: Workspace, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    tellProblem(workspace, error)
    return false
  }
}

/** Without the live stream nobody tells us what changed: ask. */
export async function catchUp(workspace: Workspace, conversationId: string): Promise<void> {
  if (workspace.liveState.get() === "live") return
  await workspace.queries.invalidateQueries({ queryKey: ["conversation", conversationId] })
}

async function change(
  workspace: Workspace,
  row: ConversationRow,
  to: Change,
  back: Change,
  text: string,
): Promise<boolean> {
  const done = await attempt(workspace, () => api.update(row.id, to))
  if (!done) return false
  await catchUp(workspace, row.id)
  const undo = async (): Promise<void> => {
    if (await attempt(workspace, () => api.update(row.id, back))) await catchUp(workspace, row.id)
  }
  tell(workspace, text, { undo })
  return true
}

export const isArchived = (row: ConversationRow): boolean => row.status === "archived"

export function toggleArchive(workspace: Workspace, row: ConversationRow): Promise<boolean> {
  return isArchived(row)
    ? change(workspace, row, { status: "open" }, { status: "archived" }, words.activity.reopened(nameOf(row)))
    : change(workspace, row, { status: "archived" }, { status: "open" }, words.activity.archived(nameOf(row)))
}

export function toggleAssign(workspace: Workspace, row: ConversationRow): Promise<boolean> {
  const before = { assignee_id: row.assignee?.id ?? null }
  return row.assignee?.id === workspace.me
    ? change(workspace, row, { assignee_id: null }, before, words.activity.unassigned(nameOf(row)))
    : change(workspace, row, { assignee_id: workspace.me }, before, words.activity.assigned(nameOf(row)))
}

/** Brings another conversation into this one, for good: there is no way back, so the dialog asked. */
export async function mergeInto(workspace: Workspace, row: ConversationRow, otherId: string): Promise<boolean> {
  if (!(await attempt(workspace, () => api.merge(row.id, otherId)))) return false
  tell(workspace, words.activity.merged(nameOf(row)))
  await workspace.queries.invalidateQueries({ queryKey: ["conversation", row.id] })
  return true
}

/** Asks for another delivery; the bubble stays failed until the server says otherwise. */
export async function retry(workspace: Workspace, message: MessageView): Promise<void> {
  if (!(await attempt(workspace, () => api.retry(message.id)))) return
  tell(workspace, words.activity.retried)
  await catchUp(workspace, message.conversation_id)
}

/** Takes a held reply back; its words return to the composer. */
export const undoSend = (workspace: Workspace, message: MessageView): Promise<boolean> =>
  takeBack(workspace, message, api.undo)

/** The same for one that waits; one that was being tried again stays what it was before. */
export const cancelSend = (workspace: Workspace, message: MessageView): Promise<boolean> =>
  takeBack(workspace, message, api.cancel)

/** The same for one that the server has under `uid`, shown here or not; a conversation that it archived comes back with it. True: it did not leave. */
export async function undoSent(workspace: Workspace, sent: OutboxEntry, uid: string): Promise<boolean> {
  const { conversationId, files = [], archive } = sent
  const message = { id: `alt:uid:${uid}`, uid, conversation_id: conversationId, attachments: files }
  const done = await takeBack(workspace, message, api.undo)
  if (done && archive) await attempt(workspace, () => api.update(conversationId, { status: "open" }))
  return done
}

async function takeBack(
  workspace: Workspace,
  message: Pick<MessageView, "id" | "uid" | "conversation_id" | "attachments">,
  ask: (id: string) => Promise<{ state?: string; body: string; text: string; draft_id?: string }>,
): Promise<boolean> {
  // Whether it comes back or has left: the next key press means what was done before.
  workspace.outbox.forget(message.uid)
  const done = await attempt(workspace, async () => {
    const { state = "undone", body, text, draft_id: draftId } = await ask(message.id).catch(saidByUs)
    if (state !== "undone") return tell(workspace, words.activity.cancelled)
    const files = draftId === undefined ? {} : { draftId, files: message.attachments }
    restoreDraft(workspace.me, message.conversation_id, { body, text, ...files })
    if (draftId !== undefined) await workspace.drafts.load(message.conversation_id)
    focusComposer()
    tell(workspace, words.activity.undone)
  })
  if (!done) return false
  // How many wait is no part of what a reply's change tells.
  if (ask === api.cancel) void workspace.queries.invalidateQueries({ queryKey: ["channels"] })
  await catchUp(workspace, message.conversation_id)
  return true
}

/** Only one thing refuses it: its try has begun. */
function saidByUs(error: unknown): never {
  throw error instanceof ApiError && error.status === 409
    ? new ApiError(409, words.activity.hasLeft, [], null, null, saidHere)
    : error
}

export async function sendNow(workspace: Workspace, message: MessageView): Promise<void> {
  if (!(await attempt(workspace, () => api.sendNow(message.id)))) return
  tell(workspace, words.activity.hurried)
  await catchUp(workspace, message.conversation_id)
}

/** Puts a reply's words into the composer, to be changed and sent as a new one. */
export function editAgain(
  workspace: Workspace,
  conversationId: string,
  words: string | Pick<ReplyBody, "body" | "text" | "draftId" | "files">,
): void {
  const reply = typeof words === "string" ? { body: htmlOf(words), text: words } : words
  restoreDraft(workspace.me, conversationId, reply)
  focusComposer()
}

/** Where the words went; the button that was pressed is about to vanish. */
const focusComposer = (): void => document.querySelector<HTMLElement>("[data-composer-field]")?.focus()

/** Sends what waited too long for the channel to go out by itself. */
export async function sendWaiting(workspace: Workspace, channel: ChannelView): Promise<void> {
  const done = await attempt(workspace, async () => {
    const { count } = await api.sendWaiting(channel.id)
    tell(workspace, words.activity.sentWaiting(count))
  })
  // How many wait is no part of what each reply's change tells.
  if (done) await workspace.queries.invalidateQueries({ queryKey: ["channels"] })
}

/** Connects a channel again. Where a person has to sign in at the partner, the page goes there and comes back. */
export async function reconnect(workspace: Workspace, channelId: string): Promise<void> {
  await attempt(workspace, async () => {
    const { status, sign_in_url: url } = await api.authenticate(channelId, location.pathname)
    if (url !== null) location.assign(url)
    else if (status === "connected") tell(workspace, words.trouble.reconnected)
  })
}
