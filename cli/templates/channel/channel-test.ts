import assert from "node:assert/strict"
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import { after, before, test } from "node:test"
import { ChannelError, signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { checkChannel } from "@causeway/sdk/check"
import { serve } from "./channel.ts"

const secret = "a secret for tests"
const sent: { to: string; text: string }[] = []
const server = serve({
  secret,
  provider: {
    async send(to, text) {
      if (text === "refuse me") throw ChannelError.notFound("nobody has this number")
      sent.push({ to, text })
      return `sent-${sent.length}`
    },
  },
})
let url = ""

before(async () => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
})
after(() => server.close())

async function reply(id: string, text: string) {
  const body = JSON.stringify({
    type: "message",
    payload: { id, text, recipients: [{ handle: "+15550100", role: "to" }] },
    metadata: { external_conversation_ids: ["+15550100"] },
  })
  const at = String(Date.now())
  const headers = { [timestampHeader]: at, [signatureHeader]: signWebhook(secret, at, body) }
  const response = await fetch(url, { method: "POST", headers, body })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

test("a teammate's reply is sent once, however often it comes", async () => {
  const first = await reply("msg_1", "It ships today.")
  assert.equal(first.body.type, "success")
  assert.deepEqual(await reply("msg_1", "It ships today."), first)
  assert.deepEqual(sent, [{ to: "+15550100", text: "It ships today." }])
})

test("what the provider refuses is told in its own words", async () => {
  const { body } = await reply("msg_2", "refuse me")
  assert.deepEqual(body, { type: "not_found", message: "nobody has this number" })
})

test("the channel does what the platform asks of every channel", async () => {
  const { results } = await checkChannel({ url, secret })
  const failed = results.filter(({ result }) => result === "fail")
  assert.deepEqual(
    failed.map(({ id, detail, fix }) => `${id}: ${detail} Fix: ${fix}`),
    [],
  )
})
