import type { DraftChange, NewDraft } from "@causeway/contract/endpoints/drafts"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Channel } from "../channels/store.ts"
import { sourceOf } from "../comments/author.ts"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { forbidden, HttpError, invalid, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { appendEvents } from "../live/feed.ts"
import { readBody } from "../messages/html.ts"
import { newUid } from "../messages/reply.ts"
import { insertAttachments } from "../messages/store.ts"
import type { Services } from "../services.ts"
import { chooseSignature, namedSignature } from "../signatures/attach.ts"
import type { SignatureRow } from "../signatures/store.ts"
import { resolveTeammate } from "../teammates/store.ts"
import * as store from "./store.ts"

type Deps = Pick<Services, "db" | "ids" | "committed">

/** What a request names: looked for before its channel is, so that what there is not is told apart from what does not fit. */
export interface Named {
  authorId: number | null
  signature: SignatureRow | null
}

/** Throws 400 for an author or a signature that there is not. `authorId` stays `present` where the request says nothing. */
export async function readNamed(
  deps: Pick<Deps, "db">,
  member: Member,
  given: Pick<DraftChange, "author_id" | "signature_id">,
  present?: number | null,
): Promise<Named> {
  const keeps = present !== undefined && given.author_id === undefined
  return {
    authorId: keeps ? present : await authorFor(deps, member, given.author_id),
    signature: await namedSignature(deps.db, member, given),
  }
}

/** Whose draft it is: a teammate's session writes its own, a token for whom it says, or for nobody. */
async function authorFor(
  deps: Pick<Deps, "db">,
  member: Member,
  reference: string | null | undefined,
): Promise<number | null> {
  const author = reference ? await resolveTeammate(deps.db, member.companyId, reference) : null
  if (reference && author === null) throw invalid("body.author_id", "names no teammate")
  if (member.kind !== "session") return author?.id ?? null
  if (author !== null && author.id !== member.teammateId)
    throw forbidden("A draft is written under one's own name: body.author_id names another teammate")
  return member.teammateId
}

/** Keeps a new draft. `conversationId` null: it starts one. Returns its id. */
export async function addDraft(
  deps: Deps,
  member: Member,
  target: { channel: Channel; conversationId: number | null },
  { authorId, signature: named }: Named,
  given: NewDraft,
  files: UploadedFile[],
): Promise<number> {
  const { channel } = target
  const { companyId } = member
  const signature = await chooseSignature(deps.db, channel, authorId, given, named)
  await deps.ids.reserve(3 + files.length)
  const id = deps.ids.take()
  const startsConversation = target.conversationId === null
  const draft = {
    companyId,
    id,
    uid: newUid(),
    conversationId: target.conversationId ?? deps.ids.take(),
    startsConversation,
    origin:
      member.kind === "session"
        ? ("teammate" as const)
        : member.kind === "token"
          ? ("api" as const)
          : ("channel" as const),
    channelId: channel.id,
    authorId,
    mode: given.mode ?? ("private" as const),
    senderName: given.sender_name ?? null,
    subject: given.subject ?? "",
    body: readBody(given.body, { format: "html" }),
    to: given.to?.length ? given.to : null,
    cc: given.cc ?? [],
    bcc: given.bcc ?? [],
    signatureId: signature?.id ?? null,
  }
  await deps.db.tx(async (tx) => {
    if (!startsConversation) await holdConversation(tx, companyId, draft.conversationId)
    else if (draft.mode === "shared")
      await openConversation(tx, companyId, draft.conversationId, channel, draft.subject)
    await store.insertDraft(tx, draft)
    await insertAttachments(tx, deps.ids, [{ companyId, id, files }])
    await announce(tx, deps, member, draft)
  })
  deps.committed([companyId])
  return id
}

/** Browsers hear of what is shared; a private draft is its author's alone. */
async function announce(
  tx: Tx,
  deps: Deps,
  member: Member,
  draft: { id: number; conversationId: number; mode: store.DraftMode; authorId: number | null },
  type: "draft_changed" | "draft_deleted" = "draft_changed",
): Promise<void> {
  if (draft.mode === "private") return
  await appendEvents(tx, member.companyId, [
    {
      id: deps.ids.take(),
      type,
      isPublic: false,
      conversationId: draft.conversationId,
      source: sourceOf(member, member.kind === "session" ? member.teammateId : draft.authorId),
      target: { type: "draft", draft_id: draft.id },
    },
  ])
}

/** So that the conversation is not merged away or deleted meanwhile. */
async function holdConversation(tx: Tx, companyId: number, id: number): Promise<void> {
  const rows = await tx.query({
    name: "drafts.hold_conversation",
    text: "select id from conversation where company_id = $1 and id = $2 and merged_into is null for share",
    values: [companyId, id],
  })
  if (rows.length === 0) throw new HttpError(409, "The conversation was merged or deleted meanwhile: ask for it again")
}

/** A conversation that holds nothing but a shared draft. */
async function openConversation(
  tx: Tx,
  companyId: number,
  id: number,
  channel: { id: number; inboxId: number },
  subject: string,
): Promise<void> {
  await tx.query({
    name: "drafts.open_conversation",
    text: "insert into conversation (company_id, id, inbox_id, channel_id, subject, preview_direction) values ($1, $2, $3, $4, $5, 'outbound')",
    values: [companyId, id, channel.inboxId, channel.id, subject],
  })
}

const conflict = (): HttpError =>
  new HttpError(409, "The draft has changed since the version that the request names: read it again")

/** What is not named stays. 409 when `version` is not the draft's, 404 when it was sent or deleted meanwhile. */
export async function changeDraft(
  deps: Deps,
  member: Member,
  found: store.DraftRow,
  channel: Channel,
  { authorId, signature: named }: Named,
  change: DraftChange,
  files: UploadedFile[],
): Promise<void> {
  const { companyId } = member
  const asksSignature = change.signature_id !== undefined || change.should_add_default_signature === true
  const signature = asksSignature ? await chooseSignature(deps.db, channel, authorId, change, named) : null
  const kept = keptOf(found, change.attachment_ids)
  await deps.ids.reserve(1 + files.length)
  await deps.db.tx(async (tx) => {
    const before = await store.lockDraft(tx, companyId, found.id)
    if (before === null) throw notFound("message", formatId("msg", found.id))
    if (change.version !== undefined && change.version !== store.versionOf(before)) throw conflict()
    const mode = change.mode ?? before.mode
    const subject = change.subject === undefined ? before.subject : (change.subject ?? "")
    if (before.starts_conversation && before.mode === "private" && mode === "shared")
      await openConversation(tx, companyId, before.conversation_id, channel, subject)
    await store.saveDraft(tx, companyId, before.id, {
      channelId: channel.id,
      authorId,
      mode,
      senderName: change.sender_name === undefined ? before.sender_name : change.sender_name,
      subject,
      body: readBody(change.body, { format: "html" }),
      to: change.to === undefined ? before.to_handles : change.to?.length ? change.to : null,
      cc: change.cc === undefined ? before.cc_handles : (change.cc ?? []),
      bcc: change.bcc === undefined ? before.bcc_handles : (change.bcc ?? []),
      signatureId: asksSignature ? (signature?.id ?? null) : before.signature_id,
    })
    await store.keepFiles(tx, companyId, before.id, kept)
    const firstPosition = before.attachments.length
    await insertAttachments(tx, deps.ids, [{ companyId, id: before.id, files, firstPosition }])
    await announce(tx, deps, member, { id: before.id, conversationId: before.conversation_id, mode, authorId })
  })
  deps.committed([companyId])
}

/** The files that stay; null: all of them. Throws 400 for one that the draft has not. */
export function keptOf(found: store.DraftRow, references: readonly string[] | undefined): number[] | null {
  if (references === undefined) return null
  return references.map((reference, i) => {
    const file = found.attachments.find(({ id }) => id === parseId("fil", reference))
    if (file === undefined) throw invalid(`body.attachment_ids[${i}]`, "names no file of this draft")
    return file.id
  })
}

/** Deletes a draft. A conversation that held nothing but it goes to the trash. 409 when `version` is not the draft's. */
export async function removeDraft(deps: Deps, member: Member, found: store.DraftRow, version: string): Promise<void> {
  const { companyId } = member
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    if (found.starts_conversation) await lockRow(tx, companyId, found.conversation_id)
    const draft = await store.lockDraft(tx, companyId, found.id)
    if (draft === null) throw notFound("message", formatId("msg", found.id))
    if (version !== store.versionOf(draft)) throw conflict()
    await tx.query({
      name: "drafts.delete",
      text: "delete from draft where company_id = $1 and id = $2",
      values: [companyId, draft.id],
    })
    await store.keepFiles(tx, companyId, draft.id, [])
    if (draft.starts_conversation) await trashIfEmpty(tx, companyId, draft.conversation_id)
    const { id, conversation_id: conversationId, mode, author_id: authorId } = draft
    await announce(tx, deps, member, { id, conversationId, mode, authorId }, "draft_deleted")
  })
  deps.committed([companyId])
}

const lockRow = (tx: Tx, companyId: number, id: number): Promise<unknown> =>
  tx.query({
    name: "drafts.lock_conversation",
    text: "select id from conversation where company_id = $1 and id = $2 for no key update",
    values: [companyId, id],
  })

async function trashIfEmpty(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({
    name: "drafts.trash_conversation",
    text: `update conversation set status = 'deleted', version = version + 1, updated_at = now()
           where company_id = $1 and id = $2 and last_number = 0 and merged_into is null
             and not exists (select from draft where draft.company_id = $1 and draft.conversation_id = $2)
             and not exists (select from comment where comment.company_id = $1 and comment.conversation_id = $2)`,
    values: [companyId, id],
  })
}
