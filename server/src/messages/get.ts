import type { getMessage } from "@causeway/contract/endpoints/messages"
import { findChannel } from "../channels/store.ts"
import { getMessageOrDraft } from "../drafts/access.ts"
import { draftResource } from "../drafts/store.ts"
import { HttpError } from "../http/errors.ts"
import type { Answer, Call } from "../http/route.ts"
import type { Services } from "../services.ts"
import { type EmlFile, emlOf } from "./eml.ts"
import type { MessageRow } from "./read.ts"
import { messageResource, viewerFor } from "./resource.ts"

/** A message or a draft, as JSON unless `Accept` asks for message/rfc822 before anything else. */
export async function answerMessage(deps: Services, call: Call<typeof getMessage>): Promise<Answer> {
  const { params, principal, origin, request } = call
  const found = await getMessageOrDraft(deps.db, principal, params.message_id)
  const viewer = viewerFor(principal, origin)
  if (found.kind === "draft") return { status: 200, body: draftResource(found.row, viewer) }
  if (/^\s*message\/rfc822\b/i.test(request.headers.accept ?? "")) return await answerEml(deps, found.row, request.host)
  return { status: 200, body: messageResource(found.row, viewer) }
}

/** For e-mail only (Core API, Get message): 406 for what came or went another way. */
async function answerEml(deps: Services, message: MessageRow, host: string): Promise<Answer> {
  const channel = await findChannel(deps.db, message.company_id, message.channel_id, { deleted: true })
  if (channel?.contactType !== "email")
    throw new HttpError(406, "Only an e-mail has the form message/rfc822: ask for application/json")
  const files = await deps.db.query<EmlFile>({
    name: "messages.files", // walks attachment_message
    text: "select filename, content_type, cid, is_inline, sha256 from attachment where company_id = $1 and message_id = $2 order by position",
    values: [message.company_id, message.id],
  })
  // One that is kept from everyone, or held back, is said while it can still be said.
  for (const { sha256 } of files) await deps.files.open(sha256)
  return {
    status: 200,
    stream: emlOf(message, files, deps.files, host.replace(/:\d+$/, "")),
    headers: { "content-type": "message/rfc822", "cache-control": "private, no-store" },
  }
}
