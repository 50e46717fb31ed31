import { createHash } from "node:crypto"
import type { AddressInfo } from "node:net"
import { createInterface } from "node:readline"
import { setTimeout as wait } from "node:timers/promises"
import { parseArgs } from "node:util"
import { answerTo, customerOf, firstMessage, history, threadOf } from "./customers.ts"
import { createPlatform, type Platform } from "./platform.ts"
import { type Kind, startServices } from "./services.ts"
import { type Answer, ok, refusal, type Webhook, webhookServer } from "./webhooks.ts"

/** A provider of text messages with imaginary customers, and its channel: everything that a real channel does. */
export interface DemoChannel {
  /** Where its webhooks go. */
  url: string
  /** From now on customers write: first what they wrote earlier, then, a moment later, one of them live. Resolves when they have. */
  begin(api: { url: string; channelId: string }): Promise<void>
  close(): Promise<void>
}

export interface DemoChannelOptions {
  /** 0: any free one. */
  port: number
  appUid: string
  secret: string
  /** How long a customer takes to answer, in ms, at least and at most. Default 1000 to 2000. */
  answerDelayMs?: [number, number]
  /** How long after begin() the first live message comes, in ms. Default 1500. */
  helloDelayMs?: number
}

/** Starts it on 127.0.0.1. Rejects when the port is taken. */
export async function startDemoChannel(options: DemoChannelOptions): Promise<DemoChannel> {
  const stopped = new AbortController()
  const { signal } = stopped
  let platform: Platform | null = null
  let url = ""

  const on: Record<string, (webhook: Webhook) => Answer | Promise<Answer>> = {
    authorization: () => ok({ type: "success", webhook_url: url }),
    message: createRelay(options, signal, (message) => platform?.write("inbound_messages", message)),
    // What a rule answers by itself. It has no id; the same text twice at the same moment is the same one.
    message_autoreply: ({ payload, metadata }) => {
      const handle = payload.recipients?.find(({ role }) => role === "to")?.handle
      if (handle === undefined) return refusal("bad_request", "the message has no recipient with the role to")
      const id = createHash("sha256").update(JSON.stringify(payload)).digest("hex").slice(0, 16)
      const thread = metadata?.external_conversation_ids?.[0] ?? threadOf(handle)
      return ok({ type: "success", external_id: `sms-auto-${id}`, external_conversation_id: thread })
    },
    // Our own message as it was created there. Nothing to do, and any 2xx will do.
    message_imported: () => ok({}),
    delete: () => ({ status: 200, body: "OK" }),
  }
  const server = webhookServer(
    options.secret,
    (webhook) => on[webhook.type]?.(webhook) ?? refusal("bad_request", `unknown type of webhook: ${webhook.type}`),
  )
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    async begin(api) {
      platform = createPlatform({ ...api, ...options, signal, url: api.url })
      await tellStory(platform, options.helloDelayMs ?? 1500, signal)
    },
    async close() {
      stopped.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * Takes a teammate's reply to the customer, who answers a moment later. The ids returned depend on the message alone: a webhook that comes again
 * gets the same ones, and no second answer.
 */
function createRelay(
  { answerDelayMs: [least, most] = [1000, 2000] }: DemoChannelOptions,
  signal: AbortSignal,
  write: (message: object) => Promise<void> | undefined,
): (webhook: Webhook) => Promise<Answer> {
  const turns = new Map<string, number>()
  const seen = new Set<string>()
  const refused = new Set<string>()

  async function answerBack(id: string, thread: string, handle: string, body: string): Promise<void> {
    await wait(least + Math.random() * (most - least), null, { signal })
    const metadata = { external_id: `answer-${id}`, external_conversation_id: thread }
    await write({ sender: customerOf(handle), body, metadata })
  }

  return async ({ payload, metadata }) => {
    const { id = "", text = "", recipients = [] } = payload
    const handle = recipients.find(({ role }) => role === "to")?.handle
    if (handle === undefined) return refusal("bad_request", "the message has no recipient with the role to")
    const failure = await playMagic(id, text, refused, signal)
    if (failure !== null) return failure
    const thread = metadata?.external_conversation_ids?.[0] ?? threadOf(handle)
    if (!seen.has(id)) {
      seen.add(id)
      const turn = turns.get(thread) ?? 0
      turns.set(thread, turn + 1)
      answerBack(id, thread, handle, answerTo(text, turn)).catch(complain(signal))
    }
    return ok({ type: "success", external_id: `sms-${id}`, external_conversation_id: thread })
  }
}

/** `!fail bad_request reason`, `!fail-once not_found reason`, `!slow 8`: texts that let people see what a failure looks like. */
async function playMagic(id: string, text: string, refused: Set<string>, signal: AbortSignal): Promise<Answer | null> {
  const magic = /^\s*!(fail-once|fail|slow)(?:\s+(\w+))?(?:\s+(.+))?/s.exec(text)
  if (magic === null) return null
  const [, verb, first = "", rest = "the provider said no"] = magic
  if (verb === "slow") {
    await wait((Number(first) || 0) * 1000, null, { signal })
    return null
  }
  if (verb === "fail-once" && refused.has(id)) return null
  refused.add(id)
  return refusal(first === "" ? "bad_request" : first, rest.trim())
}

async function tellStory(platform: Platform, helloDelayMs: number, signal: AbortSignal): Promise<void> {
  for (const past of history) {
    const metadata = { external_id: past.externalId, external_conversation_id: threadOf(past.customer.handle) }
    const content = { body: past.body, metadata, delivered_at: Math.floor(Date.now() / 1000) - past.minutesAgo * 60 }
    if (past.direction === "inbound") await platform.write("inbound_messages", { sender: past.customer, ...content })
    else await platform.write("outbound_messages", { to: [past.customer], ...content })
  }
  await wait(helloDelayMs, null, { signal })
  const { customer, body, externalId } = firstMessage
  const metadata = { external_id: externalId, external_conversation_id: threadOf(customer.handle) }
  await platform.write("inbound_messages", { sender: customer, body, metadata })
}

const complain =
  (signal: AbortSignal) =>
  (error: Error): void => {
    if (!signal.aborted) process.stderr.write(`demo: ${error.message}\n`)
  }

/** What a server says to the program that belongs to it: the apps of all its channels, and where it is. */
interface Setup {
  apps: Record<Kind | "customers", { uid: string; secret: string }>
  api_url: string
  link_origin: string
  data_dir: string
  agent_email: string
}

const complainAloud = (error: Error): void => void process.stderr.write(`demo: ${error.message}\n`)

/** The program: see README.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "7500" },
      api: { type: "string" },
      channel: { type: "string" },
      json: { type: "boolean", default: false },
    },
  })
  if (values.json) return serveServer(JSON.parse(process.env.DEMO_SETUP ?? "{}") as Setup)
  const { DEMO_APP_UID: appUid, DEMO_APP_SECRET: secret } = process.env
  if (!appUid || !secret) {
    process.stderr.write(
      "DEMO_APP_UID and DEMO_APP_SECRET must hold the app's uid and secret; README.md has an example.\n",
    )
    process.exit(2)
  }
  const channel = await startDemoChannel({ port: Number(values.port), appUid, secret })
  process.stdout.write(`Webhooks go to ${channel.url}\n`)
  stopOnSignals(() => channel.close())
  if (values.api !== undefined && values.channel !== undefined) {
    await channel.begin({ url: values.api, channelId: values.channel }).catch(complainAloud)
  }
}

/** With --json it belongs to a server, which brings the apps, says on stdin when to begin, and ends it by ending stdin. */
async function serveServer({ apps, api_url: apiUrl, link_origin, data_dir, agent_email }: Setup): Promise<void> {
  const { customers, ...rest } = apps
  const [channel, services] = await Promise.all([
    startDemoChannel({ port: 0, appUid: customers.uid, secret: customers.secret }),
    startServices({ apps: rest, apiUrl, linkOrigin: link_origin, dataDir: data_dir, agentEmail: agent_email }),
  ])
  const places = { customers: { webhook_url: channel.url, page_url: null }, ...services.places }
  process.stdout.write(`${JSON.stringify({ places })}\n`)
  const stop = stopOnSignals(() => Promise.all([channel.close(), services.close()]))
  const lines = createInterface({ input: process.stdin })
  lines.on("line", (line) => {
    const { api_url: url, channel_id: channelId } = JSON.parse(line) as { api_url: string; channel_id: string }
    services.begin().catch(complainAloud)
    channel.begin({ url, channelId }).catch(complainAloud)
  })
  lines.on("close", stop)
}

function stopOnSignals(close: () => Promise<unknown>): () => void {
  const stop = () => void close().then(() => process.exit(0))
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop)
  return stop
}

if (import.meta.main) await main()
