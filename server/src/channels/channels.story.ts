import { createHmac } from "node:crypto"
import { type FakePartner, fakePartner, type Script } from "../../../test/partner.ts"
import { type Parts, type Reply, type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { appRoutes } from "../apps/routes.ts"
import { runningClock } from "../clock.ts"
import { callPartner } from "../delivery/control.ts"
import { createDialer, type Dialer } from "../delivery/dialer.ts"
import { inboxRoutes } from "../inboxes/routes.ts"
import type { AskPartner } from "./authorize.ts"
import { channelRoutes } from "./routes.ts"

/** What an app's server says to every webhook. */
export const says =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (): Script => ({ body, status, headers })

export interface TestApp {
  uid: string
  secret: string
}

/** Acme has set up Causeway and owns a server that texts come from; channels are connected through the real dialer. */
export interface ChannelStory {
  server: SmallServer
  partner: FakePartner
  token: string
  inbox: string
  dialer: Dialer
  asking(parts: Parts): AskPartner
  makeApp(values?: object): Promise<TestApp>
  connect(uid: string | undefined, values?: object): Promise<Reply>
  get(path: string): Promise<Reply>
  /** The partner agrees to everything again, and has received nothing. */
  calm(): void
  close(): Promise<void>
}

export async function channelStory(): Promise<ChannelStory> {
  const partner = await fakePartner()
  const dialer = createDialer({ allowLoopback: true })
  const asking =
    (parts: Parts): AskPartner =>
    (question) =>
      callPartner({ ...parts, dialer }, question)
  const server = await startSmallServer((parts) => [
    ...appRoutes(parts),
    ...inboxRoutes(parts),
    ...channelRoutes({ ...parts, clock: runningClock(), committed: () => {}, dialer, askPartner: asking(parts) }),
  ])
  const { token } = await server.setUp()
  const inbox = (await server.call("GET", "/inboxes", { as: token })).body._results[0].id
  return {
    server,
    partner,
    token,
    inbox,
    dialer,
    asking,
    async makeApp(values = {}) {
      const body = { name: "Acme SMS", webhook_url: `${partner.url}/hooks`, ...values }
      return (await server.call("POST", "/causeway/apps", { as: token, body })).body
    },
    connect: (uid, values = {}) =>
      server.call("POST", `/inboxes/${inbox}/channels`, {
        as: token,
        body: { type: "custom", name: "Sales", application_uid: uid, ...values },
      }),
    get: (path) => server.call("GET", path, { as: token }),
    calm() {
      partner.answers(says({ type: "success" }))
      partner.received.length = 0
    },
    async close() {
      await dialer.close()
      await partner.close()
      await server.close()
    },
  }
}

export const locationOf = (answer: Reply): string => answer.headers.get("location") ?? ""

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** A channel's token as a partner signs it. */
export function jwtOf(app: TestApp, sub: string): string {
  const text = `${base64url({ alg: "HS256" })}.${base64url({ iss: app.uid, sub, exp: Date.now() / 1000 + 9 })}`
  return `${text}.${createHmac("sha256", app.secret).update(text).digest("base64url")}`
}
