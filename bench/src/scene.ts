import { createHmac } from "node:crypto"
import type { Shot } from "./load.ts"
import type { Served } from "./processes.ts"

/** 50 channels of one app, 10 conversations each: the scene that every figure about messages is taken on. */
export const channelCount = 50
export const conversationCount = 500

/** The one person of the scene, who signs in as a browser does. */
export const person = { name: "Bench", email: "bench@example.test", password: "bench bench bench" }

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

/** As long-lived as a run needs; live clients use one token for many requests too. */
function channelToken(app: Scene["app"], channelId: string): string {
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
