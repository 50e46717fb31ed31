import { Readable } from "node:stream"
import { downloadAttachment, downloadMessageAttachment, messageBodyFrame } from "@causeway/contract/endpoints/messages"
import { parseId } from "@causeway/contract/ids"
import type { Member } from "../http/callers.ts"
import { notFound } from "../http/errors.ts"
import { type Answer, type Route, route } from "../http/route.ts"
import { getMessageFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"

/** Shown in place by a browser; everything else is saved, so that nothing a stranger sent ever runs on this origin. */
const inlineTypes = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/(mp4|webm|ogg))$/

interface FileRow {
  id: number
  message_id: number
  channel_id: number
  filename: string
  content_type: string
  sha256: Buffer
}

export const attachmentRoutes = (deps: Services): Route[] => [
  route(downloadMessageAttachment, async ({ params, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    return await download(deps, memberOf(principal), params.attachment_id, message.id)
  }),
  route(
    downloadAttachment,
    async ({ params, principal }) => await download(deps, memberOf(principal), params.attachment_id, null),
  ),
  route(messageBodyFrame, async ({ params, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    return {
      status: 200,
      headers: frameHeaders,
      stream: Readable.from([framePage(message.body)], { objectMode: false }),
    }
  }),
]

async function download(deps: Services, member: Member, reference: string, messageId: number | null): Promise<Answer> {
  const row = await findFile(deps, member.companyId, parseId("fil", reference))
  const reachable =
    row !== null &&
    (messageId === null || row.message_id === messageId) &&
    (member.kind !== "channel" || row.channel_id === member.channelId)
  if (!reachable) throw notFound("attachment", reference)
  const file = await deps.files.open(row.sha256)
  if (file === null) throw notFound("attachment", reference)
  return { status: 200, stream: file.stream(), headers: { ...fileHeaders(row), "content-length": String(file.size) } }
}

/** By the primary key. */
async function findFile(deps: Services, companyId: number, id: number | null): Promise<FileRow | null> {
  if (id === null) return null
  const rows = await deps.db.query<FileRow>({
    name: "attachments.find",
    text: `select file.id, file.message_id, message.channel_id, file.filename, file.content_type, file.sha256 from attachment file
           join message on message.company_id = file.company_id and message.id = file.message_id
           where file.company_id = $1 and file.id = $2 and message.state is distinct from 'undone'`,
    values: [companyId, id],
  })
  return rows[0] ?? null
}

/** What a file of ours is answered with: its type and name, and nothing that could run on this origin. */
export function fileHeaders(file: { filename: string; content_type: string }): Record<string, string> {
  const disposition = inlineTypes.test(file.content_type) ? "inline" : "attachment"
  const ascii = file.filename.replace(/[^\x20-\x7e]|["\\%]/g, "_")
  return {
    "content-type": file.content_type,
    "content-disposition": `${disposition}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.filename).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`,
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
  }
}

/** A message's HTML in a document of its own: no scripts, nothing fetched but our own images, links open elsewhere. */
const frameHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "cache-control": "private, no-store",
  "referrer-policy": "no-referrer",
}

const framePage = (body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>:root{color-scheme:light}body{margin:0;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}</style></head><body>${body}</body></html>`
