import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { ChannelClient, ChannelError, type ChannelHandler, defineChannel, toNode } from "@causeway/sdk"
import { type Provider, printingProvider } from "./provider.ts"

export interface Options {
  /** Of the app; signs webhooks one way and tokens the other. While it is being rotated: [new, old]. */
  secret: string | string[]
  provider: Provider
  /** Where the inbox hears of what customers write. Without it, the channel only sends. */
  client?: () => ChannelClient
}

/** What the inbox tells this channel. Docs: errors-and-retries.md, threading.md. */
export function makeChannel({ secret, provider }: Options): ChannelHandler {
  return defineChannel({
    secret,
    /** A teammate replies. Answer within 7 seconds; the same message twice gets the first answer by itself. */
    async onMessage(message, { to, conversationIds, signal }) {
      if (to === undefined) throw ChannelError.badRequest("the message has no recipient")
      const id = await provider.send(to.handle, message.text ?? "", signal)
      return { externalId: id, externalConversationId: conversationIds[0] ?? to.handle }
    },
    /** A rule of the inbox answers by itself. */
    async onAutoreply(message, { to, conversationIds, signal }) {
      if (to === undefined) throw ChannelError.badRequest("the message has no recipient")
      const id = await provider.send(to.handle, message.text ?? "", signal)
      return { externalId: id, externalConversationId: conversationIds[0] ?? to.handle }
    },
  })
}

/** The server: `/hooks` for the inbox, `/provider` for what your provider calls when a customer writes. */
export function serve(options: Options): Server {
  const hooks = toNode(makeChannel(options))
  return createServer((request, response) => {
    if (request.url === "/hooks") hooks(request, response)
    else if (request.url === "/provider" && request.method === "POST") void customerWrote(request, response, options)
    else response.writeHead(404).end()
  })
}

/** `{"id", "from", "text"}`. Nobody but your provider may come this far: check its own signature here. */
async function customerWrote(request: IncomingMessage, response: ServerResponse, { client }: Options): Promise<void> {
  try {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const { id, from, text } = JSON.parse(Buffer.concat(pieces).toString())
    await client?.().syncInboundMessage({
      sender: { handle: from },
      body: text,
      // The same id twice is kept once, so your provider may call again whenever it is not sure.
      metadata: { external_id: id, external_conversation_id: from },
    })
    response.writeHead(204).end()
  } catch (error) {
    console.error(error)
    response.writeHead(502).end()
  }
}

function main(): void {
  const { CAUSEWAY_URL: baseUrl = "http://localhost:7400", CAUSEWAY_APP_UID: appUid = "" } = process.env
  const { CAUSEWAY_APP_SECRET: secret = "", CAUSEWAY_CHANNEL_ID: channelId = "", PORT = "3000" } = process.env
  if (appUid === "" || secret === "") {
    console.error('No app yet: npx causeway apps create "My channel" --webhook-url http://localhost:3000/hooks --save')
    process.exit(2)
  }
  const client = () => new ChannelClient({ baseUrl, appUid, secret, channelId })
  serve({ secret, provider: printingProvider, client }).listen(Number(PORT), () => {
    console.log(`Listening on http://localhost:${PORT}/hooks`)
  })
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) main()
