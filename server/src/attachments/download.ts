import { formatId, parseId } from "@causeway/contract/ids"
import { getCommentFor } from "../comments/access.ts"
import type { Database } from "../database/database.ts"
import { getDraftFor } from "../drafts/access.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import type { Answer } from "../http/route.ts"
import { getMessageFor } from "../messages/access.ts"
import { memberOf } from "../teammates/roles.ts"
import type { ByteRange, FileStore, OpenFile } from "./files.ts"
import { kindOfBytes, kindOfType } from "./kind.ts"

interface FileRow {
  message_id: number
  filename: string
  content_type: string
  sha256: Buffer
  /** What the file belongs to; null: a message that is gone. */
  kind: "message" | "draft" | "comment" | null
}

interface Deps {
  db: Database
  files: FileStore
}

/**
 * A file by `fil_…`, if the caller may see what it belongs to. `ownerId`: the message, draft or comment in the path, which the caller was found to reach
 * already; null: wherever it is.
 */
export async function downloadFile(
  { db, files }: Deps,
  principal: Principal,
  reference: string,
  ownerId: number | null,
  range: string | undefined = undefined,
): Promise<Answer> {
  const row = await findFile(db, memberOf(principal).companyId, parseId("fil", reference))
  const isReached = row !== null && (ownerId === null ? await mayReach(db, principal, row) : row.message_id === ownerId)
  const file = isReached ? await files.open(row.sha256) : null
  if (row === null || file === null) throw notFound("attachment", reference)
  return answerOf(file, await fileHeaders(row, file), range)
}

/** Players ask for parts of what they play; without that they cannot go to a place in it. Source: RFC 9110, 14. */
function answerOf(file: OpenFile, headers: Record<string, string>, asked: string | undefined): Answer {
  const range = rangeOf(asked, file.size)
  const shared = { ...headers, "accept-ranges": "bytes" }
  if (range === null)
    return { status: 200, stream: file.stream(), headers: { ...shared, "content-length": String(file.size) } }
  const length = { "content-length": String(range.end - range.start + 1) }
  const place = { "content-range": `bytes ${range.start}-${range.end}/${file.size}` }
  return { status: 206, stream: file.stream(range), headers: { ...shared, ...length, ...place } }
}

/** One range; null for none, several, or one that is not in the file: then the whole file is the answer, as the RFC allows. */
function rangeOf(asked: string | undefined, size: number): ByteRange | null {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(asked ?? "") ?? []
  if (from === "" && to === "") return null
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === "" || to === "" ? size - 1 : Math.min(size - 1, Number(to))
  return start <= end ? { start, end } : null
}

/** A file of a message that the caller was found to reach. Throws 404 when the message has no such file. */
export async function openFile(
  { db, files }: Deps,
  owner: { company_id: number; id: number },
  reference: string,
): Promise<OpenFile> {
  const row = await findFile(db, owner.company_id, parseId("fil", reference))
  const file = row?.message_id === owner.id ? await files.open(row.sha256) : null
  if (file === null) throw notFound("attachment", reference)
  return file
}

async function mayReach(db: Database, principal: Principal, row: FileRow): Promise<boolean> {
  const message = formatId("msg", row.message_id)
  try {
    if (row.kind === "message") await getMessageFor(db, principal, message)
    else if (row.kind === "draft") await getDraftFor(db, principal, message)
    else if (row.kind === "comment") await getCommentFor(db, principal, formatId("com", row.message_id))
    return row.kind !== null
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return false
    throw error
  }
}

/** By primary keys. */
async function findFile(db: Database, companyId: number, id: number | null): Promise<FileRow | null> {
  if (id === null) return null
  const rows = await db.query<FileRow>({
    name: "attachments.find",
    text: `select file.message_id, file.filename, file.content_type, file.sha256, case
             when exists (select from message where message.company_id = $1 and message.id = file.message_id) then 'message'
             when exists (select from draft where draft.company_id = $1 and draft.id = file.message_id) then 'draft'
             when exists (select from comment where comment.company_id = $1 and comment.id = file.message_id) then 'comment' end as kind
           from attachment file where file.company_id = $1 and file.id = $2`,
    values: [companyId, id],
  })
  return rows[0] ?? null
}

/**
 * What a file of ours is answered with: its type and name, and nothing that could run on this origin. A browser shows in place what is called a picture,
 * sound or film and begins as one; everything else is saved, whatever a stranger called it.
 */
export async function fileHeaders(
  file: { filename: string; content_type: string },
  { head }: Pick<OpenFile, "head">,
): Promise<Record<string, string>> {
  const said = kindOfType(file.content_type)
  const disposition = said !== null && said === kindOfBytes(await head()) ? "inline" : "attachment"
  const ascii = file.filename.replace(/[^\x20-\x7e]|["\\%]/g, "_")
  return {
    "content-type": file.content_type,
    "content-disposition": `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.filename).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`,
    "content-security-policy": "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
  }
}
