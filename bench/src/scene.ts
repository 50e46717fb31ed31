import { createHmac } from "node:crypto"
import type { Shot } from "./load.ts"
import { openPartner, type Partner, type Served, serve } from "./processes.ts"

/** 50 channels of one app, 10 conversations each: the scene that every figure about messages is taken on. */
export const channelCount = 50
export const conversationCount = 500

/** The one person of the scene, who signs in as a browser does. */
export const person = { name: "Ana Lee", email: "ana@example.test", password: "forty quiet harbours" }

export interface Scene {
  url: string
  apiToken: string
  app: { uid: string; secret: string }
  channelIds: string[]
  tokens: string[]
}

/** Asks and expects a 2xx; the body is null where there was none. */
export async function ask(
  url: string,
  options: { method?: string; body?: object; token?: string; cookie?: string } = {},
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
): Promise<{ body: any; headers: Headers }> {
  const { method = options.body === undefined ? "GET" : "POST", body, token, cookie } = options
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== undefined && { cookie }),
      origin: new URL(url).origin,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`)
  return { body: text === "" ? null : JSON.parse(text), headers: response.headers }
}

/** Sets a fresh server up through its own API. `webhookUrl` is where its deliveries go. */
export async function buildScene(
  { url, setupCode }: Pick<Served, "url" | "setupCode">,
  webhookUrl: string,
): Promise<Scene> {
  const setup = await ask(`${url}/causeway/setup`, { body: { ...person, code: setupCode, company: "Bench" } })
  const token: string = setup.body.api_token
  const inboxId = (await ask(`${url}/inboxes`, { token })).body._results[0].id
  const app: Scene["app"] = (
    await ask(`${url}/causeway/apps`, { body: { name: "Bench", webhook_url: webhookUrl }, token })
  ).body
  const channelIds: string[] = []
  for (let i = 0; i < channelCount; i++) {
    const body = { type: "custom", name: `Bench ${i}`, application_uid: app.uid }
    const made = await ask(`${url}/inboxes/${inboxId}/channels`, { body, token })
    channelIds.push(String(made.headers.get("location")).split("/").at(-1) as string)
  }
  return { url, apiToken: token, app, channelIds, tokens: channelIds.map((id) => channelToken(app, id)) }
}

/** A server with the scene and a partner, for as long as `measure` takes. */
export async function withScene<T>(
  flags: string[],
  measure: (scene: Scene, partner: Partner, served: Served) => Promise<T>,
): Promise<T> {
  const partner = await openPartner()
  const served = await serve("product", flags)
  try {
    return await measure(await buildScene(served, partner.url), partner, served)
  } finally {
    await served.stop()
    await partner.close()
  }
}

/** As long-lived as a run needs; live clients use one token for many requests too. */
export function channelToken(app: Scene["app"], channelId: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: app.uid, sub: channelId, exp: Math.floor(Date.now() / 1000) + 3600 })}`
  return `${signed}.${createHmac("sha256", app.secret).update(signed).digest("base64url")}`
}

/** The n-th inbound message of a run (letters and digits): channels and conversations in turn, an external id of its own. */
export function inboundShot(scene: Pick<Scene, "channelIds" | "tokens">, run: string, n: number): Shot {
  const conversation = n % conversationCount
  const channel = conversation % channelCount
  return {
    path: `/channels/${scene.channelIds[channel]}/inbound_messages`,
    headers: { authorization: `Bearer ${scene.tokens[channel]}`, "content-type": "application/json" },
    body: JSON.stringify({
      sender: { handle: `customer-${conversation}`, name: `Customer ${conversation}` },
      body: `Message ${n}: it should have come on Monday, and today is Wednesday. Where is it?`,
      metadata: { external_id: `bench.${run}.${n}`, external_conversation_id: `conversation-${conversation}` },
    }),
  }
}

/** Writes the first message of every conversation and lists them, in no order. */
export async function openConversations(scene: Scene): Promise<string[]> {
  const writing = Array.from({ length: conversationCount }, async (_, n) => {
    const { path, headers, body } = inboundShot(scene, "first", n)
    const answer = await fetch(scene.url + path, { method: "POST", headers, body })
    if (answer.status !== 202) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`)
  })
  await Promise.all(writing)
  const ids: string[] = []
  for (let url: string | null = `${scene.url}/conversations?limit=100`; url !== null; ) {
    const page: { _results: { id: string }[]; _pagination: { next: string | null } } = (
      await ask(url, { token: scene.apiToken })
    ).body
    ids.push(...page._results.map(({ id }) => id))
    url = page._pagination.next
  }
  return ids
}

/** The n-th reply of a run: conversations in turn, so that a conversation's replies have ascending numbers. */
export function replyShot(scene: Scene, conversations: readonly string[], run: string, n: number): Shot {
  return {
    path: `/conversations/${conversations[n % conversations.length]}/messages`,
    headers: { authorization: `Bearer ${scene.apiToken}`, "content-type": "application/json" },
    body: JSON.stringify({
      body: `bench.${run}.${n}: it left on Monday evening and should be with you tomorrow. Sorry that you had to ask!`,
      options: { archive: false },
    }),
  }
}
