import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { startLiveChat } from "../live-chat/channel.ts"
import { startPhone } from "../phone/channel.ts"
import { startPbx } from "../phone/pbx/pbx.ts"
import { scripts } from "../phone/pbx/scripts.ts"
import { startSms } from "../sms/channel.ts"
import { startProvider } from "../sms/provider/provider.ts"

export type Kind = "chat" | "sms" | "phone"

export interface ServicesOptions {
  apps: Record<Kind, { uid: string; secret: string }>
  /** Origin of the platform's API, and the one in its links. */
  apiUrl: string
  linkOrigin: string
  /** Where they keep what they know. Null: in memory. */
  dataDir: string | null
  /** Who answers the telephone. */
  agentEmail: string
}

/** The live chat, the text messages and the telephone, each with what stands behind it: a website, a provider, a PBX. */
export interface Services {
  places: Record<Kind, { webhook_url: string; page_url: string }>
  /** Something happens on each, the first time that they run. Resolves when it was written; calls go on for some seconds. */
  begin(): Promise<void>
  close(): Promise<void>
}

export async function startServices({
  apps,
  apiUrl,
  linkOrigin,
  dataDir,
  agentEmail,
}: ServicesOptions): Promise<Services> {
  const isFirst = dataDir === null || !existsSync(join(dataDir, "phone.db"))
  const account = { account: "AC1", token: randomBytes(16).toString("hex") }
  const [provider, pbx] = await Promise.all([
    startProvider({ ...account, port: 0, number: "+15550001" }),
    startPbx({ ...account, port: 0, agentEmail }),
  ])
  const options = (kind: Kind) => ({
    ...{ port: 0, apiUrl, linkOrigin, dataDir },
    ...{ appUid: apps[kind].uid, secret: apps[kind].secret },
  })
  const [chat, sms, phone] = await Promise.all([
    startLiveChat(options("chat")),
    startSms({ ...options("sms"), provider: { ...account, url: provider.url } }),
    startPhone({ ...options("phone"), pbx: { ...account, url: pbx.url } }),
  ])
  const place = ({ webhookUrl, pageUrl }: { webhookUrl: string; pageUrl: string }) => ({
    webhook_url: webhookUrl,
    page_url: pageUrl.replace("//127.0.0.1:", "//localhost:"),
  })
  return {
    places: { chat: place(chat), sms: place(sms), phone: place(phone) },
    async begin() {
      if (!isFirst) return
      // Calls take the seconds that calls take; nobody waits for them.
      void pbx.play(scripts.voicemail as never).catch(() => {})
      void pbx.play(scripts.answered as never).catch(() => {})
      await provider.write("+15550102", "Is the shop in Harbour Lane open on Sunday?")
      await provider.write("+15550103", "My blanket came. It itches exactly as promised, thank you!")
      await visit(chat.webhookUrl, "Hello! Does the two-person tent fit into a bicycle bag?")
    },
    async close() {
      await Promise.all([chat.close(), sms.close(), phone.close()])
      await Promise.all([provider.close(), pbx.close()])
    },
  }
}

/** A visitor writes on the website, as the panel does it. */
async function visit(chatUrl: string, text: string): Promise<void> {
  const headers = { "content-type": "application/json" }
  const post = async (path: string, token: string | null, body: object) => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
    const init = { method: "POST", headers: { ...headers, ...authorization }, body: JSON.stringify(body) }
    return (await fetch(new URL(path, chatUrl), init)).json()
  }
  const { token } = (await post("/api/visitors", null, {})) as { token: string }
  await post("/api/messages", token, { id: randomBytes(8).toString("hex"), text })
}
