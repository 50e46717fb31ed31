import type { AttachmentView, DraftView, LiveChange } from "@causeway/contract/inbox"
import { ApiError } from "./api.ts"
import { nothingWritten, onWritten, putWritten, readWritten, type Written } from "./drafts.ts"
import { createValue, type Value } from "./value.ts"

/** A draft as the server keeps it, as far as we go on from it. */
export interface KeptDraft {
  id: string
  version: string
  files: AttachmentView[]
}

/** The server's side; the browser's own in draft-door.ts. */
export interface DraftDoor {
  create(conversationId: string, channelId: string, body: string): Promise<KeptDraft>
  /** `authorId`: takes it over. Without a version whatever is there is written over. */
  change(
    id: string,
    change: { channelId: string; body: string; version?: string; authorId?: string },
  ): Promise<KeptDraft>
  remove(id: string, version: string): Promise<void>
  list(conversationId: string): Promise<DraftView[]>
}

/**
 * Brings what is written to the server while it is written, and tells what colleagues write:
 *
 *   written --0.5 s--> kept on the server --each change, at most every 0.5 s--> kept again --sent or emptied--> gone
 *                            '--a colleague takes it over--> theirs: what they have not got stays here as a new draft
 */
export interface DraftSync {
  /** What colleagues are writing, by conversation. */
  colleagues: Value<ReadonlyMap<string, readonly DraftView[]>>
  /** Asks for a conversation's drafts: one's own from elsewhere is gone on with, a colleague's is shown. */
  load(conversationId: string): Promise<void>
  heard(changes: readonly LiveChange[]): void
  /** Makes sure that the server has a draft, for a file to go to; it stays until `release`, whatever is written. Returns its id. Throws `ApiError`. */
  hold(conversationId: string): Promise<string>
  release(conversationId: string): void
  /** A colleague's draft becomes one's own. */
  takeOver(draft: DraftView): Promise<void>
  stop(): void
}

interface Deps {
  me: string
  door: DraftDoor
  /** Over which channel a conversation is answered; null: over none. */
  channelOf(conversationId: string): string | null
  /** Whether a draft is being sent by this device: it is nothing to go on with. */
  isOnItsWay(draftId: string): boolean
  /** A colleague took over what one was writing. */
  onTaken(conversationId: string, by: string): void
}

const saveEveryMs = 500
const retryMs = 3_000

/** What the steps below share. */
interface Sync extends Deps {
  colleagues: Value<ReadonlyMap<string, readonly DraftView[]>>
  timers: Map<string, ReturnType<typeof setTimeout>>
  /** Conversations whose draft is being brought to the server now. */
  busy: Map<string, Promise<void>>
  /** How many files are on their way to a conversation's draft. */
  held: Map<string, number>
}

export function createDraftSync(deps: Deps): DraftSync {
  const sync: Sync = {
    ...deps,
    colleagues: createValue(new Map()),
    timers: new Map(),
    busy: new Map(),
    held: new Map(),
  }
  const unsubscribe = onWritten((conversationId) => plan(sync, conversationId, saveEveryMs))
  return {
    colleagues: sync.colleagues,
    load: (conversationId) => load(sync, conversationId),
    heard: (changes) => heard(sync, changes),
    hold: (conversationId) => hold(sync, conversationId),
    release(conversationId) {
      sync.held.set(conversationId, Math.max(0, (sync.held.get(conversationId) ?? 0) - 1))
      plan(sync, conversationId, saveEveryMs)
    },
    takeOver: (draft) => takeOver(sync, draft),
    stop() {
      unsubscribe()
      for (const timer of sync.timers.values()) clearTimeout(timer)
    },
  }
}

function plan(sync: Sync, conversationId: string, ms: number): void {
  if (sync.timers.has(conversationId)) return
  const run = (): void => {
    sync.timers.delete(conversationId)
    void save(sync, conversationId)
  }
  sync.timers.set(conversationId, setTimeout(run, ms))
}

/** Keeps what is known of the server; nobody wrote anything. */
const known = ({ me }: Sync, conversationId: string, change: Partial<Written>): void =>
  putWritten(me, conversationId, change, { bySync: true })

const isHeld = ({ held }: Sync, conversationId: string): boolean => (held.get(conversationId) ?? 0) > 0

function save(sync: Sync, conversationId: string): void {
  if (sync.busy.has(conversationId)) plan(sync, conversationId, saveEveryMs)
  else occupy(sync, conversationId, saveOnce(sync, conversationId))
}

function occupy({ busy }: Sync, conversationId: string, work: Promise<void>): void {
  busy.set(
    conversationId,
    work.finally(() => busy.delete(conversationId)),
  )
}

/** One step from what the server has to what is written here; the next follows by itself. */
async function saveOnce(sync: Sync, conversationId: string): Promise<void> {
  try {
    await step(sync, conversationId, readWritten(sync.me, conversationId))
    const after = readWritten(sync.me, conversationId)
    if (needsSaving(after) && !isHeld(sync, conversationId)) plan(sync, conversationId, saveEveryMs)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    await recover(sync, conversationId, error)
  }
}

async function step(sync: Sync, conversationId: string, written: Written): Promise<void> {
  const { me, door } = sync
  const channelId = sync.channelOf(conversationId)
  if (channelId === null || !needsSaving(written)) return
  const { serverId, version, body } = written
  if (serverId === null) {
    const kept = await door.create(conversationId, channelId, body)
    const now = readWritten(me, conversationId)
    // Sent or emptied while it was on its way: nobody waits for this draft any more.
    if (now.serverId !== null || isEmpty(now)) await door.remove(kept.id, kept.version)
    else known(sync, conversationId, { serverId: kept.id, version: kept.version, savedBody: body })
  } else if (isEmpty(written)) {
    if (isHeld(sync, conversationId)) return
    if (version !== null) await door.remove(serverId, version)
    if (readWritten(me, conversationId).serverId === serverId)
      known(sync, conversationId, { serverId: null, version: null, savedBody: null })
  } else {
    const kept = await door.change(serverId, { channelId, body, ...(version !== null && { version }) })
    if (readWritten(me, conversationId).serverId === serverId)
      known(sync, conversationId, { version: kept.version, savedBody: body, files: kept.files })
  }
}

async function recover(sync: Sync, conversationId: string, error: ApiError): Promise<void> {
  if (error.isTemporary || error.status === 401) plan(sync, conversationId, retryMs)
  if (error.status === 404) known(sync, conversationId, { serverId: null, version: null, savedBody: null, files: [] })
  // Asked again soon, should that fail.
  if (error.status === 409) await load(sync, conversationId).catch(() => {})
  if (error.status === 404 || error.status === 409) plan(sync, conversationId, saveEveryMs)
}

/** Makes sure that there is a draft for a file to go to. */
async function hold(sync: Sync, conversationId: string): Promise<string> {
  const { me, door, busy, held } = sync
  held.set(conversationId, (held.get(conversationId) ?? 0) + 1)
  while (busy.has(conversationId)) await busy.get(conversationId)
  const { serverId, body } = readWritten(me, conversationId)
  if (serverId !== null) return serverId
  const channelId = sync.channelOf(conversationId)
  if (channelId === null) throw new ApiError(400, "A conversation without a channel has no drafts")
  const creating = door.create(conversationId, channelId, body)
  const settled = creating.then(
    ({ id, version }) => known(sync, conversationId, { serverId: id, version, savedBody: body }),
    () => {}, // told to whoever holds it, below
  )
  occupy(sync, conversationId, settled)
  const { id } = await creating
  await settled
  return id
}

async function load(sync: Sync, conversationId: string): Promise<void> {
  const { me } = sync
  const drafts = await sync.door.list(conversationId)
  const written = readWritten(me, conversationId)
  const mine = drafts.filter(({ id, author }) => author?.id === me && !sync.isOnItsWay(id))
  const own = mine.find(({ id }) => id === written.serverId) ?? (written.serverId === null ? mine.at(-1) : undefined)
  if (own !== undefined) adopt(sync, conversationId, own)
  const others = drafts.filter((draft) => isColleagues(sync, draft))
  const taken = others.find(({ id }) => id === written.serverId)
  if (taken !== undefined) yieldTo(sync, conversationId, taken)
  showOthers(sync, conversationId, others)
}

const isColleagues = ({ me }: Sync, { author, mode }: DraftView): boolean => author?.id !== me && mode === "shared"

const othersOf = ({ colleagues }: Sync, conversationId: string): readonly DraftView[] =>
  colleagues.get().get(conversationId) ?? []

const showOthers = ({ colleagues }: Sync, conversationId: string, drafts: readonly DraftView[]): void =>
  colleagues.set(new Map(colleagues.get()).set(conversationId, drafts))

/** What the server has of one's own draft. What was typed here and is not there yet is newer. */
function adopt(sync: Sync, conversationId: string, draft: DraftView): void {
  const written = readWritten(sync.me, conversationId)
  const hasUnsaved = !isEmpty(written) && written.body !== written.savedBody
  known(sync, conversationId, {
    serverId: draft.id,
    version: draft.version,
    files: draft.attachments,
    savedBody: draft.body,
    ...(!hasUnsaved && { body: draft.body, text: draft.text }),
  })
}

/** A colleague goes on with what one wrote; what they have not got stays, as a new draft. */
function yieldTo({ me, onTaken }: Sync, conversationId: string, draft: DraftView): void {
  const { body, text, savedBody } = readWritten(me, conversationId)
  const isWhole = body === savedBody || body === draft.body
  putWritten(me, conversationId, { ...nothingWritten, ...(!isWhole && { body, text }) })
  onTaken(conversationId, draft.author?.name ?? "")
}

function heard(sync: Sync, changes: readonly LiveChange[]): void {
  for (const { draft, draft_id: id, conversation } of changes) {
    const conversationId = draft?.conversation_id ?? conversation?.id
    if (!id || conversationId === undefined) continue
    const others = othersOf(sync, conversationId).filter((other) => other.id !== id)
    const isTheirs = draft != null && isColleagues(sync, draft)
    if (isTheirs && readWritten(sync.me, conversationId).serverId === id) yieldTo(sync, conversationId, draft)
    showOthers(sync, conversationId, isTheirs ? [...others, draft] : others)
  }
}

async function takeOver(sync: Sync, draft: DraftView): Promise<void> {
  const { me, door } = sync
  const { conversation_id: conversationId, channel_id: channelId, body, text, version } = draft
  const kept = await door.change(draft.id, { channelId, body, version, authorId: me })
  const written = readWritten(me, conversationId)
  const isAlone = isEmpty(written)
  putWritten(me, conversationId, {
    body: isAlone ? body : body + written.body,
    text: isAlone ? text : `${text}\n\n${written.text}`,
    serverId: kept.id,
    version: kept.version,
    savedBody: body,
    files: kept.files,
  })
  showOthers(
    sync,
    conversationId,
    othersOf(sync, conversationId).filter(({ id }) => id !== draft.id),
  )
  // One's own words went along; a draft with files stays, so that these are not lost. That it stays otherwise harms nobody.
  if (written.serverId !== null && written.version !== null && written.files.length === 0)
    await door.remove(written.serverId, written.version).catch(() => {})
}

const isEmpty = ({ text, files }: Written): boolean => text.trim() === "" && files.length === 0

const needsSaving = (written: Written): boolean =>
  isEmpty(written) ? written.serverId !== null : written.serverId === null || written.body !== written.savedBody
