import type { File } from "@causeway/sdk"
import type { Link } from "../shared/link.ts"
import type { Chats } from "./chats.ts"
import type { Files } from "./files.ts"
import type { Visitors } from "./visitors.ts"

/** A visitor's message that the platform is to be told, in order for each visitor. */
export interface Task {
  seq: number
}

const lateMs = 60_000

interface Deps {
  link: Link
  chats: Chats
  files: Files
  visitors: Visitors
}

export async function tell({ seq }: Task, { link, chats, files, visitors }: Deps): Promise<void> {
  const message = chats.get(seq)
  const visitor = message && visitors.find(message.visitorId)
  if (message === undefined || visitor === undefined) return
  const attached = message.files.flatMap(({ id }): File[] => {
    const file = files.content(id)
    return file === undefined ? [] : [{ filename: file.name, contentType: file.type, content: file.content }]
  })
  const sender = {
    handle: visitor.id,
    name: visitor.name ?? `Visitor ${visitor.id.slice(-4)}`,
    // Only what the website vouches for leads to a contact that is known already.
    ...(visitor.email !== null && { email: visitor.email }),
  }
  const metadata = { external_id: `${visitor.id}:${message.id}`, external_conversation_id: message.thread }
  // Whole seconds: where it is told at once the platform's own time is the better one.
  const isLate = Date.now() - message.at > lateMs
  const when = isLate ? { delivered_at: Math.floor(message.at / 1000) } : {}
  await link.client().syncInboundMessage({ sender, body: asHtml(message.text), ...when, metadata }, attached)
  chats.setState(seq, "told")
}

/** What a visitor typed is text, whatever it looks like. */
export const asHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>")
