import type { AddressInfo } from "node:net"
import { type Apps, openApps } from "@causeway/server/apps/store"
import { type Channels, openChannels } from "@causeway/server/channels/store"
import { createTokenVerifier } from "@causeway/server/channels/token"
import { companyRoutes } from "@causeway/server/company/routes"
import { prepareSetup } from "@causeway/server/company/setup"
import { openInstallationToken, openTokens } from "@causeway/server/company/tokens"
import { type Database, openDatabase } from "@causeway/server/database/database"
import { createRateLimits, generousPolicy } from "@causeway/server/http/rate-limits"
import { mount, type Route } from "@causeway/server/http/route"
import { createHttpServer } from "@causeway/server/http/server"
import { createIds, type Ids } from "@causeway/server/ids"
import { createLog, type Log } from "@causeway/server/log"
import { createMailer } from "@causeway/server/mail/mailer"
import { createSeal } from "@causeway/server/secrets/seal"
import { createIdentity, type Identity } from "@causeway/server/teammates/identity"
import { teammateRoutes } from "@causeway/server/teammates/routes"
import { cheapHash } from "./cheap-hash.ts"
import { freshDatabase, temporaryDir } from "./database.ts"

/** What routes of a small server may want. */
export interface Parts {
  db: Database
  ids: Ids
  log: Log
  apps: Apps
  channels: Channels
  identity: Identity
  /** Nobody listens. */
  committed(companyIds: Iterable<number>): void
}

export interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  body: any
  headers: Headers
}

export interface SmallServer extends Parts {
  url: string
  dataDir: string
  setupCode: string
  installationToken: string
  /** A request as a script would make it; `as` goes out as Bearer. */
  call(
    method: string,
    path: string,
    options?: { as?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Reply>
  /** Sets up a company and answers its token of all scopes. */
  setUp(): Promise<{ companyId: string; teammateId: string; token: string; cookie: string }>
  close(): Promise<void>
}

export const admin = {
  name: "Ada Byron King",
  email: "ada@acme.test",
  password: "correct horse battery",
  company: "Acme",
}

/** A server of sign-in, companies and the routes that a test adds, on a real port and a real database; deliveries do not run in it. */
export async function startSmallServer(
  routes: (parts: Parts) => Route[] = () => [],
  publicUrl: string | null = null,
): Promise<SmallServer> {
  const log = createLog("silent")
  const dataDir = await temporaryDir("small")
  const { db, stop } = await openDatabase({ databaseUrl: await freshDatabase(), dataDir }, log)
  const seal = createSeal(Buffer.alloc(32, 7))
  const identity = createIdentity({ db, seal, log, hashCost: cheapHash })
  const parts: Parts = {
    db,
    ids: createIds(db),
    log,
    apps: openApps(db, seal),
    channels: openChannels(db, seal),
    identity,
    committed: () => {},
  }
  const installationToken = await openInstallationToken({ dataDir })
  const tokens = openTokens(db, installationToken)
  const { code } = await prepareSetup(db)
  const app = createHttpServer(log, { publicUrl })
  const verifiers = {
    channelToken: createTokenVerifier(parts),
    apiToken: tokens.verify,
    accessToken: async () => null,
    session: identity.session,
  }
  const own = [
    ...companyRoutes({ ...parts, tokens, version: "0.0.0" }),
    ...teammateRoutes({ ...parts, config: { publicUrl, keepsOnDevices: true }, mailer: createMailer(null, log) }),
  ]
  mount(app, [...own, ...routes(parts)], {
    verifiers,
    files: null as never,
    limits: createRateLimits(() => generousPolicy),
  })
  await app.listen({ port: 0, host: "127.0.0.1" })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  const call: SmallServer["call"] = async (method, path, { as, body, headers } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers }
  }

  return {
    ...parts,
    url,
    dataDir,
    setupCode: code ?? "",
    installationToken,
    call,
    async setUp() {
      const { body, headers, status } = await call("POST", "/causeway/setup", { body: { ...admin, code } })
      if (status !== 201) throw new Error(`set-up answered ${status}: ${JSON.stringify(body)}`)
      return {
        companyId: body.company_id,
        teammateId: body.teammate_id,
        token: body.api_token,
        cookie: cookieOf(headers),
      }
    },
    async close() {
      await app.close()
      await stop()
    },
  }
}

/** The session cookie that an answer sets, as a browser sends it back. */
export const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
