import { randomUUID } from "node:crypto"
import { readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { api, type Json, seg } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure } from "../failure.ts"
import { fields, timeOf } from "../text.ts"
import { channelOf } from "./channels.ts"

const whereOptions: Record<string, Option> = {
  channel: { value: "ID", text: "the channel (CAUSEWAY_CHANNEL_ID)" },
  thread: { value: "ID", text: "external_conversation_id; the handle unless given" },
  id: { value: "ID", text: "external_id; random unless given" },
}

export const inbound: Command = {
  args: ["text"],
  options: {
    ...whereOptions,
    from: { value: "HANDLE", text: "who writes; +15550100 unless given" },
    name: { value: "NAME", text: "what they are called" },
    file: { value: "PATH", text: "attach this file", many: true },
  },
  examples: [
    'causeway messages inbound "Is my order late?" --channel cha_8zk',
    'causeway messages inbound "See the picture" --channel cha_8zk --from +436601234567 --name "Mia Kovač" --file photo.png --json',
  ],
  async run(call) {
    const from = call.option("from") ?? "+15550100"
    const name = call.option("name")
    return await sync(call, "inbound_messages", from, { sender: { handle: from, ...(name !== undefined && { name }) } })
  },
}

export const outbound: Command = {
  args: ["text"],
  options: {
    ...whereOptions,
    to: { value: "HANDLE", text: "whom it went to; +15550100 unless given" },
    file: { value: "PATH", text: "attach this file", many: true },
  },
  examples: ['causeway messages outbound "It ships today." --channel cha_8zk --to +15550100'],
  async run(call) {
    const to = call.option("to") ?? "+15550100"
    return await sync(call, "outbound_messages", to, { to: [{ handle: to }] })
  },
}

async function sync(call: Call, operation: string, handle: string, who: object): Promise<number> {
  const ids = {
    external_id: call.option("id") ?? `cli-${randomUUID()}`,
    external_conversation_id: call.option("thread") ?? handle,
  }
  const message = { ...who, body: call.arg(0), metadata: ids }
  const files = call.all("file")
  const { body } = await api(call, "POST", `/channels/${seg(channelOf(call))}/${operation}`, {
    body: files.length === 0 ? message : await formOf(call, message, files),
  })
  const kept = (await api(call, "GET", `/messages/alt:uid:${body.message_uid}`)).body
  const shown = {
    message_uid: body.message_uid,
    id: kept.id,
    conversation_id: idAt(kept._links.related.conversation),
    ...ids,
  }
  call.show(shown, fields(shown))
  return exit.ok
}

/** `cnv_1a` of a link. */
const idAt = (link: string): string => link.split("/").at(-1) ?? ""

async function formOf(call: Call, message: object, files: readonly string[]): Promise<FormData> {
  const form = new FormData()
  const append = (name: string, value: unknown): void => {
    if (typeof value !== "object" || value === null) form.append(name, String(value))
    else for (const [key, inner] of Object.entries(value)) append(name === "" ? key : `${name}[${key}]`, inner)
  }
  append("", message)
  for (const [i, path] of files.entries())
    form.append(`attachments[${i}]`, new Blob([await readInput(call, path)]), basename(path))
  return form
}

/** A file given on the command line. Throws a `Failure` where it cannot be read. */
export async function readInput(call: Call, path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(join(call.world.cwd, path)))
  } catch (error) {
    throw new Failure(
      exit.usage,
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      "give the path of a file, from this folder",
    )
  }
}

const isOver = (message: Json): boolean => message.is_draft !== true || message.error_type !== null
const replyPauseMs = 200
const replyTimeoutMs = 40_000

export const reply: Command = {
  args: ["conversation_id", "text"],
  options: {
    channel: whereOptions.channel as Option,
    "no-wait": { text: "do not wait for the channel's answer" },
  },
  more: "`latest` is the channel's newest conversation, or of all channels where none is named. Exit code 1 where the channel refused it, 6 where nobody knows after 40 seconds.",
  examples: [
    'causeway messages reply cnv_77 "It ships today."',
    'causeway messages reply cnv_77 "It ships today." --no-wait --json',
    'causeway messages reply latest "It ships today."',
  ],
  async run(call) {
    const { body } = await api(call, "POST", `/conversations/${seg(await conversationOf(call))}/messages`, {
      body: { body: call.arg(1), options: { archive: false } },
    })
    const path = `/messages/alt:uid:${body.message_uid}`
    let message = (await api(call, "GET", path)).body
    const until = Date.now() + replyTimeoutMs
    while (!call.flag("no-wait") && !isOver(message) && Date.now() < until) {
      await pause(replyPauseMs, null, { signal: call.world.signal })
      message = (await api(call, "GET", path)).body
    }
    const state = stateOf(message)
    const reason = state.state === "failed" ? await reasonOf(call, message.id) : null
    const shown = { ...state, ...(reason !== null && { reason }) }
    call.show(shown, fields(shown))
    if (call.flag("no-wait") || shown.state === "sent") return exit.ok
    if (!isOver(message))
      throw new Failure(exit.timeout, `${message.id} is still on its way`, `causeway messages get ${message.id}`)
    throw new Failure(exit.failed, `it was not sent: ${reason}`, `causeway log tail --once --message ${message.id}`)
  },
}

async function conversationOf(call: Call): Promise<string> {
  if (call.arg(0) !== "latest") return call.arg(0)
  const ofChannel = await latestOfChannel(call)
  if (ofChannel !== null) return ofChannel
  const { body } = await api(call, "GET", "/conversations", { query: { limit: 1 } })
  const [latest] = body._results
  if (latest === undefined)
    throw new Failure(exit.notFound, "there is no conversation yet", "causeway messages inbound")
  return latest.id
}

/** Other channels may hear from their customers at the same moment. What comes in is told to its channel: the newest of that says where. */
async function latestOfChannel(call: Call): Promise<string | null> {
  const channelId = call.option("channel") ?? call.settings.find("CAUSEWAY_CHANNEL_ID")
  if (channelId === undefined) return null
  const { body } = await api(call, "GET", "/causeway/deliveries", { query: { channel_id: channelId, limit: 20 } })
  // Newest first.
  return body.deliveries.find((delivery: Json) => delivery.conversation_id !== null)?.conversation_id ?? null
}

/** What the newest delivery of a message failed with, in the partner's words. */
async function reasonOf(call: Call, messageId: string): Promise<string | null> {
  const { body } = await api(call, "GET", "/causeway/deliveries", { query: { message_id: messageId, limit: 1 } })
  return body.deliveries[0]?.reason ?? null
}

const stateOf = (message: Json) => ({
  id: message.id,
  state:
    message.error_type !== null ? "failed" : message.is_draft ? "on its way" : message.is_inbound ? "received" : "sent",
  error_type: message.error_type ?? null,
  external_id: message.metadata?.external_id ?? null,
  text: message.text,
})

export const get: Command = {
  args: ["message_id"],
  examples: ["causeway messages get msg_12", "causeway messages get alt:uid:9ed72261f6afc40f95439ee3cfca1a9f --json"],
  async run(call) {
    const { body } = await api(call, "GET", `/messages/${call.arg(0).split(":").map(seg).join(":")}`)
    call.show(body, fields(stateOf(body)))
    return exit.ok
  },
}

export const status: Command = {
  args: ["external_conversation_id", "external_id"],
  options: { channel: whereOptions.channel as Option, reason: { value: "TEXT", text: "shown to teammates" } },
  examples: ['causeway messages status +15550100 sms-1 --channel cha_8zk --reason "carrier rejected it"'],
  async run(call) {
    const [thread, id] = [call.arg(0), call.arg(1)]
    const reason = call.option("reason")
    await api(
      call,
      "PUT",
      `/channels/${seg(channelOf(call))}/conversations/${seg(thread)}/messages/${seg(id)}/status`,
      {
        body: { status: "failed", ...(reason !== undefined && { reason }) },
      },
    )
    call.show({ external_id: id, status: "failed" }, `${id} is shown as failed\n`)
    return exit.ok
  },
}

const tailPauseMs = 1000

export const tail: Command = {
  args: ["conversation_id"],
  options: { once: { text: "show what there is, and end" } },
  examples: ["causeway messages tail cnv_77 --once"],
  async run(call) {
    const seen = new Map<string, string>()
    do {
      const { body } = await api(call, "GET", `/conversations/${seg(call.arg(0))}/messages`)
      for (const message of body._results.toReversed()) {
        const { state } = stateOf(message)
        if (seen.get(message.id) === state) continue
        seen.set(message.id, state)
        const arrow = message.is_inbound ? "←" : "→"
        call.show(message, `${timeOf(message.created_at)}  ${arrow}  ${state.padEnd(10)}  ${message.text ?? ""}\n`)
      }
    } while (!call.flag("once") && (await pause(tailPauseMs, true, { signal: call.world.signal })))
    return exit.ok
  },
}
