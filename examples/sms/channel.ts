import { randomBytes } from "node:crypto"
import { ChannelError, type SentMessage, type WebhookContext, type WebhookMessage } from "@causeway/sdk"
import { claimsSchema } from "../shared/claims.ts"
import { openLink, type ServiceOptions } from "../shared/link.ts"
import { runService, type Service } from "../shared/program.ts"
import { isRefusal, openQueue, queueSchema } from "../shared/queue.ts"
import { serve } from "../shared/serve.ts"
import { openStore, setting } from "../shared/store.ts"
import { webhookRoute } from "../shared/webhooks.ts"
import { callbackRoutes } from "./callbacks.ts"
import { type Account, createGateway, type Gateway } from "./gateway.ts"
import { mediaLink, mediaRoute } from "./media.ts"
import { startProvider } from "./provider/provider.ts"
import { isGoneForNow, type Task, tell } from "./tell.ts"
import { openTexts, type Texts, textsSchema } from "./texts.ts"

export interface SmsOptions extends ServiceOptions {
  provider: Account
}

/** A channel of text messages: teammates' replies go to the provider, what people write and what becomes of messages goes to the platform. */
export interface SmsChannel extends Service {
  /** Resolves when everything that could be told was told. */
  settle(): Promise<void>
}

export async function startSms(options: SmsOptions): Promise<SmsChannel> {
  const store = openStore(options.dataDir, "sms", claimsSchema + queueSchema + textsSchema)
  const gateway = createGateway(options.provider)
  const link = openLink(store, options)
  const texts = openTexts(store)
  const linkKey = setting(store, "link_key", () => randomBytes(32).toString("base64url"))
  const queue = openQueue<Task>(store, {
    work: (task) => tell(task, { link, gateway }),
    isFinal: (error, attempts) => isRefusal(error) && !isGoneForNow(error, attempts),
    onRefused: (task, error) => console.error(`sms: ${task.kind} of ${task.id} was refused: ${error.message}`),
    ...(options.firstPauseMs !== undefined && { firstPauseMs: options.firstPauseMs }),
  })
  const origin = { is: "" }
  const relay = createRelay(
    { texts, gateway, link: (url, name) => mediaLink(origin.is, linkKey, url, name) },
    (work) => {
      store.tx(() => work((task) => queue.put(task.phone, task)))
      queue.wake()
    },
  )
  const served = await serve(
    [
      webhookRoute({ secret: options.secret, store, link, queue, relay }),
      mediaRoute(link, linkKey),
      ...callbackRoutes({ token: options.provider.token, store, texts, queue }),
    ],
    { port: options.port },
  )
  origin.is = served.url
  await gateway.register({ statusUrl: `${served.url}/provider/status`, inboundUrl: `${served.url}/provider/inbound` })
  queue.wake()
  return {
    webhookUrl: `${served.url}/webhooks`,
    pageUrl: `${options.provider.url}/`,
    settle: () => queue.settle(),
    async close() {
      link.close()
      await served.close()
      await queue.close()
      store.close()
    },
  }
}

const mediaMax = 10
const mediaBytesMax = 5 * 1024 * 1024

interface RelayDeps {
  texts: Texts
  gateway: Gateway
  link(url: string, filename: string): string
}

/** Takes a teammate's reply to the provider. */
function createRelay(
  { texts, gateway, link }: RelayDeps,
  change: (work: (put: (task: Task) => void) => void) => void,
): (message: WebhookMessage, context: WebhookContext) => Promise<SentMessage> {
  return async (message, { conversationIds, signal }) => {
    const phone = onlyRecipient(message)
    const { attachments } = message
    const bytes = attachments.reduce((sum, { size }) => sum + size, 0)
    if (attachments.length > mediaMax || bytes > mediaBytesMax) {
      throw ChannelError.badRequest("A text message takes at most 10 files of 5 MB together.")
    }
    const thread = conversationIds[0] ?? texts.threadOf(phone)
    const key = message.id ?? `autoreply-${randomBytes(12).toString("hex")}`
    const mediaUrls = attachments.map(({ url, filename }) => link(url, filename))
    const id = await gateway.send({ to: phone, text: message.text ?? "", mediaUrls, key, signal })
    change((put) => {
      texts.useThread(phone, thread)
      // The callback that it failed may have been faster than the answer that it was taken.
      const failure = texts.sent(id, phone, thread)
      if (failure !== null) put({ kind: "failed", id, phone, thread, reason: failure })
    })
    return { externalId: id, externalConversationId: thread }
  }
}

function onlyRecipient({ recipients }: WebhookMessage): string {
  const handles = recipients.filter(({ role }) => role !== "from").map(({ handle }) => handle)
  const [handle] = handles
  if (handle === undefined) throw ChannelError.badRequest("The message has no recipient.")
  if (handles.length > 1) throw ChannelError.badRequest("A text message goes to one number.")
  const number = handle.replace(/[\s().-]/g, "")
  if (!/^\+[1-9]\d{6,14}$/.test(number)) {
    throw ChannelError.badRequest(`${handle.slice(0, 60)} is not a number with + and a country code.`)
  }
  return number
}

async function main(): Promise<void> {
  const { SMS_PROVIDER_URL: url, SMS_PROVIDER_ACCOUNT: account = "AC1", SMS_PROVIDER_TOKEN: token } = process.env
  await runService(async (options) => {
    if (url !== undefined && token !== undefined) return startSms({ ...options, provider: { url, account, token } })
    const mock = { account, token: randomBytes(16).toString("hex"), number: "+15550001" }
    const provider = await startProvider({ ...mock, port: options.port === 0 ? 0 : options.port + 1 })
    const channel = await startSms({ ...options, provider: { ...mock, url: provider.url } })
    const close = async () => {
      await channel.close()
      await provider.close()
    }
    return { ...channel, close }
  }, 7510)
}

if (import.meta.main) await main()
