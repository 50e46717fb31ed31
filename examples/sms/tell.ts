import { ApiError, type File } from "@causeway/sdk"
import type { Link } from "../shared/link.ts"
import type { Gateway, InboundCallback } from "./gateway.ts"

/** What the platform is told, in order for each phone. */
export type Task =
  | { kind: "inbound"; id: string; phone: string; thread: string; message: InboundCallback }
  | { kind: "failed"; id: string; phone: string; thread: string; reason: string }

export async function tell(task: Task, { link, gateway }: { link: Link; gateway: Gateway }): Promise<void> {
  const client = link.client()
  if (task.kind === "failed") return client.failMessage(task.thread, task.id, task.reason)
  const { message, thread, phone } = task
  const { files, missing } = await fetchMedia(gateway, message)
  const lines = [message.text, ...missing.map((name) => `[${name} could not be loaded]`)].filter((line) => line !== "")
  const metadata = { external_id: message.id, external_conversation_id: thread }
  await client.syncInboundMessage({ sender: { handle: phone }, body: asHtml(lines.join("\n")), metadata }, files)
  const auto = message.auto_reply
  if (auto === undefined) return
  // What the customer's phone showed belongs into the conversation, whoever wrote it.
  await client.syncOutboundMessage({
    to: [{ handle: phone }],
    sender_name: "Automatic reply of the carrier",
    body: asHtml(auto.text),
    metadata: { external_id: auto.id, external_conversation_id: thread },
  })
}

const missingAttemptsMax = 6

/** A failure can be reported before the platform has our answer that names the message: not found, for a moment. */
export const isGoneForNow = (error: unknown, attempts: number): boolean =>
  error instanceof ApiError && error.status === 404 && attempts < missingAttemptsMax

async function fetchMedia(gateway: Gateway, { media }: InboundCallback): Promise<{ files: File[]; missing: string[] }> {
  const files: File[] = []
  const missing: string[] = []
  for (const { path, content_type: contentType, filename } of media) {
    const content = await gateway.media(path)
    if (content === null) missing.push(filename)
    else files.push({ filename, contentType, content })
  }
  return { files, missing }
}

/** The body is HTML or plain text, and whoever reads it decides by its looks: as HTML there is no doubt. */
export const asHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>")
