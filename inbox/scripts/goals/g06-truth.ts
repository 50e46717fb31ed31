import type { MessageView, ReplyState } from "@causeway/contract/inbox"
import type { Script } from "../../../test/partner.ts"
import { seeded } from "../../../test/seeded.ts"
import { type Story, startStory } from "../../../test/story.ts"
import { failureWords } from "../../src/reasons.ts"
import { emptyState, reduce, type State } from "../../src/store.ts"
import { entriesOf, isMessage } from "../../src/timeline.ts"
import type { Figure, Goal } from "./goal.ts"

const historiesCount = 10_000
const realCount = { full: 25, short: 8 }
const seed = 20_260_302

export const goal: Goal = {
  id: "G6",
  goal: "10,000 histories of replies: the screen's state is the server's, success never has a reason, a Retry is one delivery",
  async run(full): Promise<Figure> {
    const random = randomOf(seed)
    let wrong = 0
    for (let i = 0; i < historiesCount; i++) if (!isTrue(random)) wrong++
    const real = full ? realCount.full : realCount.short
    const untrue = await throughServer(real, random)
    return {
      figure: `${historiesCount} histories, ${wrong} wrong; ${real} through the server, ${untrue} wrong`,
      reached: wrong === 0 && untrue === 0,
    }
  },
}

function randomOf(seed: number): (below: number) => number {
  const random = seeded(seed)
  return (below) => Math.floor(random() * below)
}

/** What may follow what, as the server does it (server/src/delivery/next-step.ts). */
const following: Record<ReplyState, readonly ReplyState[]> = {
  held: ["queued", "undone"],
  queued: ["sending", "waiting"],
  waiting: ["queued"],
  sending: ["sent", "failed", "unknown", "waiting"],
  sent: ["failed"],
  failed: ["queued"],
  unknown: ["queued", "sent", "failed"],
  undone: [],
}
const codes = ["bad_request", "forbidden", "internal_error", "no_answer", "connection_refused"]

/** A few replies live their random lives; every copy reaches the browser in any order, some twice. Whether it ends where the server does. */
function isTrue(random: (below: number) => number): boolean {
  const copies: MessageView[] = []
  const last = new Map<string, MessageView>()
  for (let n = 1; n <= 1 + random(3); n++) {
    let message = reply(n, random(2) === 0 ? "held" : "queued")
    copies.push(message)
    for (let steps = random(8); steps > 0; steps--) {
      const next = following[message.state as ReplyState]
      if (next.length === 0) break
      message = after(message, next[random(next.length)] as ReplyState, codes[random(codes.length)] as string)
      copies.push(message)
    }
    last.set(message.id, message)
  }
  let state: State = emptyState
  const arriving = [...copies, ...copies.filter(() => random(3) === 0)]
  while (arriving.length > 0) {
    const [message] = arriving.splice(random(arriving.length), 1)
    state = reduce(state, { type: "entities", messages: [message as MessageView] })
  }
  const shown = entriesOf(state, { id: "cnv_1", channel_id: null }, null).filter(isMessage)
  const expected = [...last.values()].filter((message) => message.state !== "undone")
  return (
    shown.length === expected.length &&
    shown.every((message, i) => message === expected[i] && (message.state !== "sent" || message.error === null))
  )
}

const reply = (number: number, state: ReplyState): MessageView => ({
  id: `msg_${number}`,
  uid: String(number),
  conversation_id: "cnv_1",
  number,
  direction: "outbound",
  origin: "teammate",
  author: null,
  sender_name: null,
  from: "Ana",
  subject: "",
  body: "Hello",
  text: "Hello",
  is_simple: true,
  created_at: number,
  attachments: [],
  reply_to: null,
  state,
  due_at: null,
  error: null,
  version: 1,
})

function after(message: MessageView, state: ReplyState, code: string): MessageView {
  const isTroubled = state === "failed" || state === "unknown" || state === "waiting"
  return { ...message, state, error: isTroubled ? { code, reason: null } : null, version: message.version + 1 }
}

const scripts: { script: Script; state: ReplyState }[] = [
  { script: { body: { type: "success", external_id: "", external_conversation_id: "t" } }, state: "sent" },
  { script: { status: 400, body: { type: "bad_request", message: "too long" } }, state: "failed" },
  { script: { status: 500, body: {} }, state: "failed" },
  { script: "cut", state: "unknown" },
]

/** Replies, refusals and retries on a real server: how many ended otherwise than the partner made them, or with another number of deliveries. */
async function throughServer(count: number, random: (below: number) => number): Promise<number> {
  const story = await startStory()
  try {
    let wrong = 0
    for (let i = 0; i < count; i++) if (!(await isTrueOnServer(story, i, random))) wrong++
    return wrong
  } finally {
    await story.close()
  }
}

async function isTrueOnServer(story: Story, n: number, random: (below: number) => number): Promise<boolean> {
  const call = (method: string, path: string, json?: object) =>
    story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
  const message = await story.message(await story.customerWrites(`History ${n}`))
  const conversation = String(message.body._links.related.conversation).split("/").at(-1)
  let tries = 1
  let step = scripts[random(scripts.length)] as (typeof scripts)[number]
  story.partner.answers(step.script)
  const sent = await call("POST", `/conversations/${conversation}/messages`, { body: "Hello" })
  await story.settle()
  const reference = `alt:uid:${sent.body.message_uid}`
  const { id } = (await call("GET", `/messages/${reference}`)).body
  while (step.state !== "sent" && tries < 4) {
    step = scripts[random(scripts.length)] as (typeof scripts)[number]
    story.partner.answers(step.script)
    await call("POST", `/causeway/messages/${id}/retry`)
    await story.settle()
    tries++
  }
  const view = (
    await story.server.services.db.query<{ state: ReplyState; error_code: string | null }>({
      text: "select state, error_code from message where uid = $1",
      values: [sent.body.message_uid],
    })
  )[0]
  const { deliveries } = (await call("GET", `/causeway/deliveries?message_id=${id}`)).body
  const isSaid = view?.state === "sent" ? view.error_code === null : failureWords(view?.error_code ?? "").heading !== ""
  return view?.state === step.state && deliveries.length === tries && isSaid
}
