import { downloadAttachment, downloadMessageAttachment, messageBodyFrame } from "@causeway/contract/endpoints/messages"
import { getMessageOrDraft } from "../drafts/access.ts"
import { type Route, route } from "../http/route.ts"
import { getMessageFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { downloadFile } from "./download.ts"

export const attachmentRoutes = (deps: Services): Route[] => [
  route(downloadMessageAttachment, async ({ params, principal }) => {
    const { row } = await getMessageOrDraft(deps.db, principal, params.message_id)
    return await downloadFile(deps, principal, params.attachment_id, row.id)
  }),
  route(
    downloadAttachment,
    async ({ params, principal }) => await downloadFile(deps, principal, params.attachment_id, null),
  ),
  route(messageBodyFrame, async ({ params, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    return {
      status: 200,
      headers: frameHeaders,
      text: framePage(message.body),
    }
  }),
]

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
