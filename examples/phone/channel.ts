import { randomBytes } from "node:crypto"
import { ChannelError, type SentMessage, type WebhookContext, type WebhookMessage } from "@causeway/sdk"
import { callbackHeader, isSignedCallback } from "../shared/callbacks.ts"
import { claimsSchema } from "../shared/claims.ts"
import { openLink, type ServiceOptions } from "../shared/link.ts"
import { runService, type Service } from "../shared/program.ts"
import { openQueue, type Queue, queueSchema } from "../shared/queue.ts"
import { asJson, Refusal, type Route, readBytes, serve } from "../shared/serve.ts"
import { openStore, type Store } from "../shared/store.ts"
import { webhookRoute } from "../shared/webhooks.ts"
import { type PbxEvent, startPbx } from "./pbx/pbx.ts"
import { openSequence, type Sequence, sequenceSchema, skippedSchema } from "./sequence.ts"
import { type Account, createSwitch, type Switch } from "./switch.ts"
import { isFinal, type Task, tell } from "./tell.ts"

export interface PhoneOptions extends ServiceOptions {
  pbx: Account
}

/** A channel of telephone calls: what happens on the line is told to the platform; a reply is read out to the caller. */
export interface PhoneChannel extends Service {
  /** Resolves when everything that could be told was told. */
  settle(): Promise<void>
}

const overdueEveryMs = 5000

export async function startPhone(options: PhoneOptions): Promise<PhoneChannel> {
  const store = openStore(options.dataDir, "phone", claimsSchema + queueSchema + sequenceSchema + skippedSchema)
  const line = createSwitch(options.pbx)
  const link = openLink(store, options)
  const sequence = openSequence(store)
  const queue = openQueue<Task>(store, {
    work: (task) => tell(task, { link, line }),
    isFinal: (error, _attempts, task) => isFinal(task, error),
    onRefused: ({ type, call_id: id }, error) => console.error(`phone: ${type} of ${id} was refused: ${error.message}`),
    ...(options.firstPauseMs !== undefined && { firstPauseMs: options.firstPauseMs }),
  })
  const enqueue = (events: PbxEvent[]): void => {
    for (const event of events) queue.put(sequence.rootOf(event.call_id), event)
  }
  const overdue = setInterval(() => {
    store.tx(() => enqueue(sequence.overdue(Date.now())))
    queue.wake()
  }, overdueEveryMs).unref()
  const relay = createRelay(line, sequence)
  const served = await serve(
    [
      webhookRoute({ secret: options.secret, store, link, queue, relay }),
      eventRoute(options.pbx.token, { store, sequence, queue, enqueue }),
    ],
    { port: options.port },
  )
  await line.register(`${served.url}/pbx/events`)
  queue.wake()
  return {
    webhookUrl: `${served.url}/webhooks`,
    pageUrl: `${options.pbx.url.replace("127.0.0.1", "localhost")}/`,
    settle: () => queue.settle(),
    async close() {
      clearInterval(overdue)
      link.close()
      await served.close()
      await queue.close()
      store.close()
    },
  }
}

interface EventDeps {
  store: Store
  sequence: Sequence
  queue: Queue<Task>
  enqueue(events: PbxEvent[]): void
}

/** What the telephone system posts: kept first, answered then, told to the platform when its turn has come. */
const eventRoute = (token: string, { store, sequence, queue, enqueue }: EventDeps): Route => [
  "POST",
  /^\/pbx\/events$/,
  async ({ request }) => {
    const bytes = await readBytes(request, 1024 * 1024)
    if (!isSignedCallback(token, bytes, request.headers[callbackHeader])) {
      throw new Refusal(403, "not signed by the telephone system, or too long ago")
    }
    const event = asJson(bytes) as unknown as PbxEvent
    store.tx(() => enqueue(sequence.take(event)))
    queue.wake()
    return { status: 204 }
  },
]

const textCharsMax = 2000

/** A text that a teammate writes is read out: the telephone system calls the number. */
function createRelay(line: Switch, sequence: Sequence) {
  return async (message: WebhookMessage, { to, conversationIds, signal }: WebhookContext): Promise<SentMessage> => {
    const number = to?.handle.replace(/[\s().-]/g, "") ?? ""
    if (!/^\+[1-9]\d{6,14}$/.test(number))
      throw ChannelError.badRequest("A call needs a number with + and a country code.")
    if (message.attachments.length > 0) throw ChannelError.badRequest("Files cannot be read out.")
    const text = message.text ?? ""
    if ([...text].length > textCharsMax)
      throw ChannelError.badRequest("A text that is read out has at most 2,000 characters.")
    const key = message.id ?? `autoreply-${randomBytes(12).toString("hex")}`
    const id = await line.speak({ to: number, text, key, parentId: sequence.lastWith(number), signal })
    return { externalId: `spoken-${id}`, externalConversationId: conversationIds[0] ?? `phone:${number}` }
  }
}

async function main(): Promise<void> {
  const {
    PHONE_PBX_URL: url,
    PHONE_PBX_ACCOUNT: account = "AC1",
    PHONE_PBX_TOKEN: token,
    PHONE_AGENT_EMAIL: agentEmail,
  } = process.env
  await runService(async (options) => {
    if (url !== undefined && token !== undefined) return startPhone({ ...options, pbx: { url, account, token } })
    const mock = { account, token: randomBytes(16).toString("hex") }
    const port = options.port === 0 ? 0 : options.port + 1
    const pbx = await startPbx({ ...mock, port, ...(agentEmail !== undefined && { agentEmail }) })
    const channel = await startPhone({ ...options, pbx: { ...mock, url: pbx.url } })
    const close = async () => {
      await channel.close()
      await pbx.close()
    }
    return { ...channel, close }
  }, 7530)
}

if (import.meta.main) await main()
