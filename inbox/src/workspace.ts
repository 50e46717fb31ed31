import type { SessionView } from "@causeway/contract/inbox"
import type { QueryClient } from "@tanstack/react-query"
import { createContext, useContext } from "react"
import { type ActivityLog, add, createActivityLog, type Telling } from "./activity.ts"
import { ApiError, api } from "./api.ts"
import { draftDoor } from "./draft-door.ts"
import { createDraftSync, type DraftSync } from "./draft-sync.ts"
import { dispatch, inboxState } from "./inbox-state.ts"
import { createLive, type Live, type LiveState } from "./live.ts"
import { sharedOrOwn } from "./live-shared.ts"
import { liveSource } from "./live-source.ts"
import { type Notifier, startNotifier } from "./notices/notifier.ts"
import { cameFromDevice } from "./offline/answers.ts"
import { type Keeper, startKeeping } from "./offline/keeper.ts"
import { lookForNewVersion } from "./offline/worker.ts"
import { keepNothing, ownStorage } from "./own-storage.ts"
import { createPresence, type Presence } from "./presence.ts"
import { presenceDoor } from "./presence-door.ts"
import { refusalOf } from "./refusal.ts"
import { createSeen, type Seen } from "./seen.ts"
import { createOutbox, type Outbox, type OutboxEntry } from "./sending.ts"
import { createValue, type Value } from "./value.ts"
import { words } from "./words.ts"

/** Everything that lives as long as one teammate is signed in on this page. */
export interface Workspace {
  session: SessionView
  /** The teammate's own id. */
  me: string
  queries: QueryClient
  live: Live
  liveState: Value<LiveState>
  /** How many changes are still to come while catching up. */
  behind: Value<number>
  /** When the last change was heard, ms since 1970; null before the first. */
  heardAt: Value<number | null>
  /** How often something was heard that contacts, or lists of them, are drawn from. */
  contactsMoved: Value<number>
  /** What the audit log had new entries of, last. */
  audited: Value<readonly string[]>
  presence: Presence
  notifier: Notifier
  outbox: Outbox
  entries: Value<readonly OutboxEntry[]>
  seen: Seen
  drafts: DraftSync
  /** What was done here, for the Activity strip and the undo key. */
  activity: ActivityLog
  stop(): void
}

export function startWorkspace(session: SessionView, queries: QueryClient): Workspace {
  // One that was kept by an earlier version does not say.
  if (session.keeps_on_device === false) keepNothing()
  const me = session.teammate.id
  const liveState = createValue<LiveState>("connecting")
  const behind = createValue(0)
  const heardAt = createValue<number | null>(null)
  const contactsMoved = createValue(0)
  const audited = createValue<readonly string[]>([])
  const entries = createValue<readonly OutboxEntry[]>([])

  const outbox = createOutbox({
    storage: ownStorage(),
    teammateId: me,
    submit: submitReply,
    onChange: entries.set,
    onUnseen: (entry) => tell(workspace, words.writing.heldBack(nameOf(entry.conversationId)), { isProblem: true }),
    onAccepted(entry) {
      settleOutbox()
      // The message itself comes over the live stream; without one it has to be fetched.
      if (liveState.get() !== "live")
        void queries.invalidateQueries({ queryKey: ["conversation", entry.conversationId] })
    },
  })
  const settleOutbox = (): void => {
    if (entries.get().length > 0) outbox.settle(inboxState.get().messages.values())
  }

  const seen = createSeen()
  const drafts = createDraftSync({
    me,
    door: draftDoor,
    channelOf: (conversationId) => inboxState.get().conversations.get(conversationId)?.channel_id ?? null,
    isOnItsWay: (draftId) => entries.get().some((entry) => entry.draftId === draftId),
    onTaken: (conversationId, by) => tell(workspace, words.writing.taken(by, nameOf(conversationId))),
  })
  const keeper = startKeeping(session)
  const presence = createPresence(presenceDoor)
  const notifier = startNotifier(session.teammate)
  const followed = createLive(
    {
      onChanges(changes) {
        heardAt.set(Date.now())
        dispatch({ type: "live", changes, me })
        notifier.hear(changes)
        for (const { type, message } of changes)
          if (type === "inbound" && message !== null)
            presence.heardTyping({ conversation_id: message.conversation_id, for_ms: 0 })
        seen.heard(changes)
        drafts.heard(changes)
        keeper.heard(changes.at(-1)?.cursor ?? "")
        if (changes.some(({ type }) => /^(contact|inbound)/.test(type))) contactsMoved.set(contactsMoved.get() + 1)
      },
      onPresence: presence.heard,
      onTyping: presence.heardTyping,
      onAudited: audited.set,
      onResync() {
        dispatch({ type: "reset" })
        void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" && queryKey[0] !== "setup" })
      },
      onState(state, changes) {
        behind.set(changes)
        if (state === "live") {
          heardAt.set(Date.now())
          if (liveState.get() !== "live") {
            presence.refresh()
            outbox.flush()
            void queries.refetchQueries({ predicate: ({ state: query }) => query.status === "error" })
            comeBack(queries, keeper)
          }
        }
        liveState.set(state)
      },
      onBroken: () => void queries.invalidateQueries({ queryKey: ["session"] }),
    },
    sharedOrOwn(liveSource, `causeway.live ${session.company.id} ${me}`),
  )
  const live: Live = {
    start(cursor) {
      seen.started(cursor)
      keeper.heard(cursor)
      followed.start(cursor)
    },
    stop: followed.stop,
  }

  const unsubscribe = inboxState.subscribe(settleOutbox)
  const activity = createActivityLog()
  const workspace: Workspace = {
    session,
    me,
    queries,
    live,
    liveState,
    behind,
    heardAt,
    contactsMoved,
    audited,
    presence,
    notifier,
    outbox,
    entries,
    seen,
    drafts,
    activity,
    stop() {
      drafts.stop()
      unsubscribe()
      keeper.stop()
      presence.stop()
      notifier.stop()
      live.stop()
      outbox.stop()
    },
  }
  outbox.flush()
  return workspace
}

/** What this device answered is asked of the server now, and what it has not kept yet is read. */
function comeBack(queries: QueryClient, keeper: Keeper): void {
  if (cameFromDevice.get()) {
    cameFromDevice.set(false)
    void queries.invalidateQueries()
  }
  keeper.fill()
  lookForNewVersion()
}

function nameOf(conversationId: string): string {
  const contact = inboxState.get().conversations.get(conversationId)?.contact
  return contact?.name || contact?.handle || ""
}

async function submitReply(entry: OutboxEntry): Promise<{ uid: string } | ApiError> {
  try {
    const answer = await api.reply(entry.conversationId, entry, entry.key)
    return { uid: answer.message_uid }
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

/** Says in the Activity strip what was done or went wrong. */
export function tell(workspace: Workspace, text: string, telling: Telling = {}): void {
  add(workspace.activity, text, telling, Date.now())
}

export function tellProblem(workspace: Workspace, error: unknown): void {
  if (!(error instanceof ApiError)) throw error
  tell(workspace, words.activity.failed(refusalOf(error)), { isProblem: true })
}

export const WorkspaceContext = createContext<Workspace | null>(null)

/** The signed-in teammate's workspace; only below the gate. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (workspace === null) throw new Error("useWorkspace is called outside of a workspace")
  return workspace
}
