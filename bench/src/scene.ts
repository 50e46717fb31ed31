import { createHmac } from "node:crypto"

/** 50 channels of one app, 10 conversations each: the scene that every accept figure is taken on. */
export const channelCount = 50
export const conversationCount = 500

export interface Scene {
  url: string
  app: { uid: string; secret: string }
  channelIds: string[]
  tokens: string[]
}

/** Sets a fresh server up through its own API. `webhookUrl` is where its deliveries go. */
export async function buildScene(url: string, setupCode: string, webhookUrl: string): Promise<Scene> {
  const call = async (path: string, body: object, token?: string) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`)
    return { body: text === "" ? null : JSON.parse(text), headers: response.headers }
  }
  const setup = await call("/causeway/setup", {
    code: setupCode,
    name: "Bench",
    email: "bench@example.test",
    password: "bench bench bench",
    company: "Bench",
  })
  const token: string = setup.body.api_token
  const inboxes = await fetch(`${url}/inboxes`, { headers: { authorization: `Bearer ${token}` } }).then(
    (response) => response.json() as Promise<{ _results: { id: string }[] }>,
  )
  const app = (await call("/causeway/apps", { name: "Bench", webhook_url: webhookUrl }, token)).body as Scene["app"]
  const channelIds: string[] = []
  for (let i = 0; i < channelCount; i++) {
    const made = await call(
      `/inboxes/${inboxes._results[0]?.id}/channels`,
      { type: "custom", name: `Bench ${i}`, application_uid: app.uid },
      token,
    )
    channelIds.push(String(made.headers.get("location")).split("/").at(-1) as string)
  }
  return { url, app, channelIds, tokens: channelIds.map((id) => channelToken(app, id)) }
}

/** As long-lived as a run needs; live clients use one token for many requests too. */
function channelToken(app: Scene["app"], channelId: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: app.uid, sub: channelId, exp: Math.floor(Date.now() / 1000) + 3600 })}`
  return `${signed}.${createHmac("sha256", app.secret).update(signed).digest("base64url")}`
}

/** The n-th inbound message of a run: channels and conversations in turn, an external id of its own. */
export function inboundShot(
  scene: Scene,
  run: string,
  n: number,
): { path: string; headers: Record<string, string>; body: string } {
  const conversation = n % conversationCount
  const channel = conversation % channelCount
  return {
    path: `/channels/${scene.channelIds[channel]}/inbound_messages`,
    headers: { authorization: `Bearer ${scene.tokens[channel]}`, "content-type": "application/json" },
    body: JSON.stringify({
      sender: { handle: `customer-${conversation}`, name: `Customer ${conversation}` },
      body: `Message ${n}: it should have come on Monday, and today is Wednesday. Where is it?`,
      metadata: { external_id: `${run}-${n}`, external_conversation_id: `conversation-${conversation}` },
    }),
  }
}
