import { downloadAttachment, downloadMessageAttachment, messageBodyFrame } from "@causeway/contract/endpoints/messages"
import { formatId } from "@causeway/contract/ids"
import { getMessageOrDraft } from "../drafts/access.ts"
import { type Route, route } from "../http/route.ts"
import { getMessageFor } from "../messages/access.ts"
import type { MessageRow } from "../messages/read.ts"
import type { Services } from "../services.ts"
import { downloadFile } from "./download.ts"

export const attachmentRoutes = (deps: Services): Route[] => [
  route(downloadMessageAttachment, async ({ params, principal, request }) => {
    const { row } = await getMessageOrDraft(deps.db, principal, params.message_id)
    return await downloadFile(deps, principal, params.attachment_id, row.id, request.headers.range)
  }),
  route(
    downloadAttachment,
    async ({ params, principal }) => await downloadFile(deps, principal, params.attachment_id, null),
  ),
  route(messageBodyFrame, async ({ params, query, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    return {
      status: 200,
      headers: frameHeaders(query.images === "remote"),
      text: framePage(withOwnImages(message)),
    }
  }),
]

/** A message's HTML in a document of its own: no scripts, only our own images unless its reader asked for others too, links open elsewhere. */
const frameHeaders = (remoteImages: boolean) => ({
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:${remoteImages ? " https: http:" : ""}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  "cache-control": "private, no-store",
  "referrer-policy": "no-referrer",
})

/** Images that came with the message and are named by their content id (RFC 2392) are fetched from here; one that did not come shows its words. */
function withOwnImages({ id, body, attachments }: Pick<MessageRow, "id" | "body" | "attachments">): string {
  const files = new Map(attachments.map((file) => [file.cid, formatId("fil", file.id)]))
  return body.replace(/(<img\b[^>]*?\bsrc=")cid:([^"]*)"/gi, (whole, start: string, cid: string) => {
    const file = files.get(cid)
    return file === undefined ? whole : `${start}/messages/${formatId("msg", id)}/download/${file}"`
  })
}

const framePage = (body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>:root{color-scheme:light}body{margin:0;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{max-width:100%}</style></head><body>${body}</body></html>`
