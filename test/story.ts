import { createHmac } from "node:crypto"
import { type RunningServer, type StartOptions, startServer } from "@causeway/server/app"
import type { Config } from "@causeway/server/config"
import { cheapHash } from "./cheap-hash.ts"
import { asServer, freshDatabase, temporaryDir } from "./database.ts"
import { type FakePartner, fakePartner } from "./partner.ts"

/** What came back: status, headers, and the body as JSON where it is JSON. */
export interface Reply {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  text: string
}

export interface CallOptions {
  token?: string
  json?: unknown
  form?: FormData
  raw?: string | Buffer
  headers?: Record<string, string>
}

/**
 * A company with an inbox, an app and one connected channel, on a real server with a real database and a partner that really listens.
 * Everything a test says about people and messages goes through the public API.
 */
export interface Story {
  readonly server: RunningServer
  partner: FakePartner
  apiToken: string
  companyId: string
  inboxId: string
  app: { uid: string; secret: string }
  channelId: string
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
  /** A channel's JWT, as the vendor's own template makes it. */
  channelToken(claims?: object, secret?: string): string
  /** An inbound message over the Channel API; ids are made where none are given. */
  customerWrites(text: string, over?: Record<string, unknown>, options?: { token?: string }): Promise<Reply>
  /** The same with a file and words beside it. */
  customerSends(file: File, text: string): Promise<Reply>
  /** The message of an accepted answer, as the channel's token sees it. */
  message(accepted: Reply): Promise<Reply>
  /** Another channel of the same app. */
  connect(name: string): Promise<string>
  settle(): Promise<void>
  /** Stops the server and starts another at the same address on the same database. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Who sets the company up, as the sign-in page wants it. */
export const ana = { name: "Ana Lee", email: "ana@example.test", password: "correct horse battery" }

let counter = 0
export const unique = (prefix: string): string => `${prefix}_${process.pid}_${++counter}`

/** A server's configuration for tests: any free port, a database and a data directory of its own. */
export async function testConfig(over: Partial<Config> = {}): Promise<Config> {
  // With another database its owner, unless that is said too, is whoever its URL names.
  const ownerUrl = over.databaseUrl === undefined ? await freshDatabase() : null
  return {
    port: 0,
    host: "127.0.0.1",
    dataDir: await temporaryDir("story"),
    databaseUrl: ownerUrl && asServer(ownerUrl),
    databaseOwnerUrl: ownerUrl,
    publicUrl: null,
    trustedProxies: [],
    tls: null,
    secretKey: null,
    allowHosts: [],
    clamd: null,
    demo: false,
    strictLimits: false,
    simulator: true,
    json: false,
    heldClock: true,
    keepDeliveriesDays: 30,
    keepsOnDevices: true,
    mail: null,
    provider: null,
    ...over,
  }
}

export async function startStory(
  over: Partial<Config> & { app?: object } = {},
  options: StartOptions = {},
): Promise<Story> {
  const { app: appFields, ...rest } = over
  const config = await testConfig(rest)
  const checked = { checksAnswers: true, hashCost: cheapHash, ...options }
  let server = await startServer(config, checked)
  const partner = await fakePartner()
  const call = caller(server.url)
  const setup = await call("POST", "/causeway/setup", {
    json: {
      code: server.setupCode,
      ...ana,
      company: "Acme",
    },
  })
  if (setup.status !== 201) throw new Error(`setup failed: ${setup.text}`)
  const apiToken: string = setup.body.api_token
  const inboxes = await call("GET", "/inboxes", { token: apiToken })
  const inboxId: string = inboxes.body._results[0].id
  const made = await call("POST", "/causeway/apps", {
    token: apiToken,
    json: { name: "Acme SMS", webhook_url: `${partner.url}/hooks`, ...appFields },
  })
  if (made.status !== 201) throw new Error(`app failed: ${made.text}`)
  const app = { uid: String(made.body.uid), secret: String(made.body.secret) }
  partner.secret = app.secret

  async function connect(name: string): Promise<string> {
    const connected = await call("POST", `/inboxes/${inboxId}/channels`, {
      token: apiToken,
      json: { type: "custom", name, application_uid: app.uid },
    })
    if (connected.status !== 204) throw new Error(`connect failed: ${connected.text}`)
    return String(connected.headers.get("location")).split("/").at(-1) as string
  }

  const channelId = await connect("Acme SMS")
  const channelToken = (claims: object = {}, secret = app.secret): string =>
    jwt(
      {
        iss: app.uid,
        sub: channelId,
        jti: Math.random().toString(36),
        exp: Math.floor(Date.now() / 1000) + 30,
        ...claims,
      },
      secret,
    )

  return {
    get server() {
      return server
    },
    partner,
    apiToken,
    companyId: setup.body.company_id,
    inboxId,
    app,
    channelId,
    call,
    channelToken,
    customerWrites: (text, fields = {}, options = {}) =>
      call("POST", `/channels/${channelId}/inbound_messages`, {
        token: options.token ?? channelToken(),
        json: { ...inbound(text), ...fields },
      }),
    customerSends(file, text) {
      const form = new FormData()
      form.set("sender[handle]", "mia")
      form.set("body", text)
      form.set("metadata[external_id]", unique("ext"))
      form.set("metadata[external_conversation_id]", unique("thread"))
      form.set("attachments[0]", file)
      return call("POST", `/channels/${channelId}/inbound_messages`, { token: channelToken(), form })
    },
    message: (accepted) => call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: channelToken() }),
    connect,
    settle: () => server.settle(),
    async restart() {
      const port = Number(new URL(server.url).port)
      await server.close()
      server = await startServer({ ...config, port }, checked)
    },
    async close() {
      await partner.close()
      await server.close()
    },
  }
}

/** The body of an inbound message with ids of its own. */
export function inbound(text: string, metadata: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sender: { handle: "mia", name: "Mia Kovač" },
    body: text,
    metadata: { external_id: unique("ext"), external_conversation_id: unique("thread"), ...metadata },
  }
}

export function jwt(claims: object, secret: string, header: object = { typ: "JWT", alg: "HS256" }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}

export function caller(url: string): Story["call"] {
  return async (method, path, options = {}) => {
    const headers: Record<string, string> = { ...options.headers }
    if (options.token) headers.authorization = `Bearer ${options.token}`
    if (options.json !== undefined) headers["content-type"] ??= "application/json"
    const body = options.form ?? options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json))
    const response = await fetch(url + path, {
      method,
      headers,
      redirect: "manual",
      ...(body !== undefined && { body: body as string }),
    })
    const text = await response.text()
    const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "")
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
    }
  }
}
