import { alive, check, sends, survives, takes, unknown } from "./check.ts"
import { type Check, fail, isOk, isTaken, mustBeRefused, mustBeTaken, pass, said, skipped, warn } from "./verdict.ts"

export const authorization: Check[] = [
  check(
    "AUTH-01",
    "An authorization is answered with type success",
    'Answer {"type":"success","webhook_url":"…"}.',
    async (p) => {
      const answer = await p.send(p.authorization())
      return isOk(answer) && answer.json?.type === "success" ? pass : fail(`expected type success, got ${said(answer)}`)
    },
  ),
  check(
    "AUTH-02",
    "An authorization names an absolute webhook_url",
    "Return the whole address, with http:// or https://, as webhook_url.",
    async (p) => {
      const { json } = await p.send(p.authorization())
      if (json?.webhook_url === undefined) return warn("no webhook_url: the app's own address is used")
      return typeof json.webhook_url === "string" && /^https?:$/.test(URL.parse(json.webhook_url)?.protocol ?? "")
        ? pass
        : fail(`expected an absolute URL, got ${JSON.stringify(json.webhook_url)}`)
    },
  ),
  check(
    "AUTH-03",
    "The webhook_url takes this channel's webhooks",
    "Return an address at which your server answers webhooks.",
    async (p) => {
      const { json } = await p.send(p.authorization())
      const url = String(json?.webhook_url ?? "")
      if (!URL.canParse(url)) return skipped("no webhook_url")
      const answer = await p.send(p.imported(), { url })
      return mustBeTaken(answer)
    },
  ),
  check(
    "AUTH-04",
    "A channel can be authorized again",
    "Treat a second authorization of a channel as a renewal.",
    async (p) => {
      await p.send(p.authorization())
      return mustBeTaken(await p.send(p.authorization()))
    },
  ),
  check(
    "AUTH-05",
    "Unknown fields of an authorization are ignored",
    unknown,
    takes((p) => p.authorization({ new_field: { a: 1 } })),
  ),
  check(
    "AUTH-06",
    "A second channel can be authorized",
    "Keep channels apart by payload.channel_id.",
    takes((p) => p.authorization({ payload: { channel_id: p.id("cha") } })),
  ),
  check(
    "AUTH-07",
    "An authorization that is not signed is refused",
    "Check the signature of authorizations too.",
    async (p) => {
      const answer = await p.send(p.authorization(), { secret: "wrong" })
      return mustBeRefused(answer).result === "pass" ? pass : warn(`expected a refusal, got ${said(answer)}`)
    },
  ),
]

export const autoreplies: Check[] = [
  check(
    "AUTO-01",
    "An automatic reply is answered with success and both ids",
    "Answer message_autoreply as you answer message.",
    sends((p) => p.autoreply()),
  ),
  check("AUTO-02", "Two automatic replies get different ids", "payload.id is absent: do not key on it.", async (p) => {
    const [a, b] = [await p.send(p.autoreply({ text: "One" })), await p.send(p.autoreply({ text: "Two" }))]
    return a.json?.external_id !== b.json?.external_id ? pass : fail(`both got ${a.json?.external_id}`)
  }),
  check(
    "AUTO-03",
    "Unknown fields of an automatic reply are ignored",
    unknown,
    sends((p) => p.autoreply({ new_field: 1 })),
  ),
]

export const imports: Check[] = [
  check(
    "IMP-01",
    "message_imported is answered 2xx",
    "Answer any 2xx; there is nothing to do.",
    takes((p) => p.imported()),
  ),
  check("IMP-02", "message_imported is answered 2xx again", "A notice may come more than once.", async (p) => {
    const notice = p.imported()
    await p.send(notice)
    return mustBeTaken(await p.send(notice))
  }),
  check(
    "IMP-03",
    "message_imported with several conversation ids is taken",
    "Conversations can be merged: read the list.",
    takes((p) => p.imported({}, { external_conversation_ids: ["a", "b"] })),
  ),
  check(
    "IMP-04",
    "message_imported of an outbound message is taken",
    "Messages that you synced outbound are imported too.",
    takes((p) => p.imported({ is_inbound: false })),
  ),
  check(
    "IMP-05",
    "message_imported with unknown fields is taken",
    unknown,
    takes((p) => ({ ...p.imported({ new_field: 1 }), new_field: 1 })),
  ),
]

export const deletion: Check[] = [
  check("DEL-01", "A deletion is answered 2xx", "Take the DELETE method at the webhook_url.", async (p) => {
    const answer = await p.send({ type: "delete", payload: { channel_id: p.channelId } }, { method: "DELETE" })
    return isTaken(answer) || answer.body === "OK"
      ? pass
      : warn(`got ${said(answer)}; the channel is deleted all the same`)
  }),
  check(
    "DEL-02",
    "A deletion without a body leaves the server alive",
    alive,
    survives(() => "", "DELETE"),
  ),
  check(
    "DEL-03",
    "A deletion by POST leaves the server alive",
    alive,
    survives((p) => ({ type: "delete", payload: { channel_id: p.channelId } })),
  ),
]
