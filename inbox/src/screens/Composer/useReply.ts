import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { useEffect, useState } from "react"
import { catchUp } from "../../actions.ts"
import type { ReplyBody, Unseen } from "../../api.ts"
import { nothingWritten, putWritten, readWritten, restoreDraft, useWritten, type Written } from "../../drafts.ts"
import { runCommand } from "../../keys/useCommand.ts"
import { htmlOf } from "../../plain-text.ts"
import { preferences } from "../../settings/preferences.ts"
import { useValue } from "../../value.ts"
import { useWorkspace } from "../../workspace.ts"
import type { Files } from "./useFiles.ts"

/** More than anybody writes by hand; a request takes 4 MiB. */
export const replyCharsMax = 100_000

export type SendWay = "send" | "archive" | "archive-stay"

export interface ReplyState {
  /** What came in meanwhile, since the server held the reply back; null: nothing did. */
  unseen: Unseen | null
  /** Sent as soon as the files are there. */
  isWaiting: boolean
  canSend: boolean
  send(way: SendWay): void
  /** A template that is filled in goes at once; what is being written stays. */
  sendTemplate(reply: TemplateReply): void
}

export type TemplateReply = Required<Pick<ReplyBody, "body" | "text" | "template">>

/** What becomes of the words when Send is pressed: into the outbox at once, once the files are there; and back, when somebody wrote meanwhile. */
export function useReply(row: ConversationRow, channel: ChannelView | null, files: Files): ReplyState {
  const workspace = useWorkspace()
  const { me, outbox, entries, seen } = workspace
  const written = useWritten(me, row.id)
  const [unseen, setUnseen] = useState<Unseen | null>(null)
  const [waiting, setWaiting] = useState<SendWay | null>(null)
  const [heldTemplate, setHeldTemplate] = useState<TemplateReply | null>(null)
  const heldBack = useValue(entries).find(
    ({ conversationId, stage }) => conversationId === row.id && stage.name === "unseen",
  )

  useEffect(() => {
    if (heldBack?.stage.name !== "unseen") return
    const { newcomers, position } = heldBack.stage
    const taken = outbox.take(heldBack.key)
    if (taken === null) return
    const { body, text, template } = taken
    if (template === undefined) restoreDraft(me, row.id, taken)
    else setHeldTemplate({ body, text, template })
    seen.shown(row.id, position)
    setUnseen({ newcomers, position })
    void catchUp(workspace, row.id)
  }, [heldBack, workspace, outbox, seen, me, row.id])

  const isUploading = files.uploading.some(({ state }) => state.name === "uploading")
  const hasFailed = files.uploading.some(({ state }) => state.name === "failed")
  /** Of what is written by now: the last keys may not be drawn yet. */
  const maySend = ({ text, files: attached }: Written): boolean =>
    (text.trim() !== "" || attached.length > 0 || isUploading) && !hasFailed && text.length <= replyCharsMax

  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes when the files are there, and with what is written then
  useEffect(() => {
    if (waiting === null || isUploading) return
    setWaiting(null)
    if (!hasFailed) post(waiting)
  }, [waiting, isUploading, hasFailed])

  const how = (way: SendWay) => ({
    basedOn: seen.position(row.id),
    archive: way !== "send",
    undoSeconds: preferences.get().sending.undo_seconds,
  })

  function sendTemplate(reply: TemplateReply): void {
    outbox.add(row.id, { ...reply, ...how("send") })
    setHeldTemplate(null)
    setUnseen(null)
  }

  function post(way: SendWay): void {
    if (heldTemplate !== null) {
      sendTemplate(heldTemplate)
      return
    }
    const { body, text, serverId, files: attached } = readWritten(me, row.id)
    const trimmed = text.trimEnd()
    outbox.add(row.id, {
      body: channel?.composer === "advanced" ? body : htmlOf(trimmed),
      text: trimmed,
      ...(serverId !== null && { draftId: serverId, files: attached }),
      ...how(way),
    })
    putWritten(me, row.id, nothingWritten, { bySync: true })
    setUnseen(null)
    if (way === "archive") runCommand("next")
  }

  return {
    unseen,
    isWaiting: waiting !== null,
    sendTemplate,
    canSend: heldTemplate !== null || maySend(written),
    send(way) {
      if (heldTemplate === null && !maySend(readWritten(me, row.id))) return
      if (isUploading) setWaiting(way)
      else post(way)
    },
  }
}
