import type { AddressInfo } from "node:net"
import type { Endpoint } from "@causeway/contract/endpoint"
import { formatId } from "@causeway/contract/ids"
import type { FastifyInstance } from "fastify"
import { openApps } from "./apps/store.ts"
import { openFileStore } from "./attachments/files.ts"
import { startSweeping } from "./attachments/sweep.ts"
import { actingAsNobody } from "./audit/actor.ts"
import { startChaining } from "./audit/chain.ts"
import { watchAudit } from "./audit/watch.ts"
import { renewRefused, startRenewals } from "./channels/renewal.ts"
import { setChannelStatus } from "./channels/status.ts"
import { openChannels } from "./channels/store.ts"
import { createTokenVerifier } from "./channels/token.ts"
import { heldClock, runningClock, systemWall } from "./clock.ts"
import {
  type DemoApps,
  type DemoDeps,
  type DemoKind,
  type DemoPlace,
  type DemoResult,
  ensureDemo,
} from "./company/demo.ts"
import { openRatePolicies } from "./company/rate-policies.ts"
import { prepareSetup } from "./company/setup.ts"
import { openInstallationToken, openTokens } from "./company/tokens.ts"
import { type Config, isLoopback } from "./config.ts"
import { createConformance } from "./conformance/run.ts"
import { startReminders } from "./conversations/reminders.ts"
import { type Database, openDatabase } from "./database/database.ts"
import type { PoolOptions } from "./database/pool.ts"
import { callPartner, type PartnerQuestion } from "./delivery/control.ts"
import { createDialer, type Dialer } from "./delivery/dialer.ts"
import { type DeliveryHooks, startDelivery } from "./delivery/engine.ts"
import type { Names } from "./delivery/names.ts"
import type { DemoPlatform } from "./demo-partner.ts"
import { isLostAt } from "./failpoint.ts"
import { boundConnections } from "./http/connections.ts"
import { createRateLimits, generousPolicy, strictPolicy } from "./http/rate-limits.ts"
import { mount } from "./http/route.ts"
import { createHttpServer } from "./http/server.ts"
import { createIds } from "./ids.ts"
import { createRelay, type Relay } from "./listeners/relay.ts"
import { appendEvents } from "./live/feed.ts"
import { openHints } from "./live/hints.ts"
import { createLiveHub } from "./live/hub.ts"
import { createLog, type Log } from "./log.ts"
import { createMailer } from "./mail/mailer.ts"
import { createAcceptor } from "./messages/accept.ts"
import { tellAutoReply } from "./messages/auto-reply.ts"
import { composeWebhook } from "./messages/envelope.ts"
import { recordReplyState } from "./messages/status.ts"
import { openAccessTokens } from "./oauth/secrets.ts"
import { createPresence, type Presence } from "./presence/presence.ts"
import { allRoutes } from "./routes.ts"
import { startRules } from "./rules/engine.ts"
import { ruleSecret } from "./rules/secret.ts"
import { checkSeal, openSeal } from "./secrets/seal.ts"
import type { Services } from "./services.ts"
import { createProvider } from "./sign-in/provider.ts"
import { createSimulator, resumeSimulator } from "./simulator/simulator.ts"
import { StartError } from "./start-error.ts"
import { createIdentity } from "./teammates/identity.ts"
import { startRecording } from "./traffic/record.ts"
import { serveInbox } from "./web.ts"
import { startWebhooks } from "./webhooks/engine.ts"

/** A server that listens. `settle` runs everything that is due on the schedule clock; `close` drains and stops. */
export interface RunningServer {
  url: string
  services: Services
  /** Absolute. */
  dataDir: string
  database: "embedded" | "external"
  /** What the first person types in; null once somebody is set up. */
  setupCode: string | null
  demo: DemoResult | null
  /** Every operation that is answered: the route table, as a test or a document reads it. */
  endpoints: readonly Endpoint[]
  settle(): Promise<void>
  close(): Promise<void>
}

export interface StartOptions {
  log?: Log
  /** Starts the demo's partners for these apps and answers where they are; used with `config.demo`. */
  startPartner?(apps: DemoApps, platform: DemoPlatform): Promise<Record<DemoKind, DemoPlace>>
  /** What a benchmark puts in place of the real one, to measure the rest. */
  createAcceptor?: typeof createAcceptor
  /** What finds partners' addresses; a test brings a slow one. Default: the system's name servers. */
  names?: Names
  /** Holds every answer against the contract; see `RouteContext.checksAnswers`. */
  checksAnswers?: boolean
  /** False: work is kept in the outbox and nothing is delivered by this process. */
  delivers?: boolean
  pool?: PoolOptions
}

/** Starts everything in order: database, stores, delivery, live feed, routes; listens last. Throws `StartError` with a sentence and its fix. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  // Whatever has started is stopped again in the opposite order, at the end as after a start that failed half way.
  const started = new AsyncDisposableStack()
  try {
    return await start(config, options, started)
  } catch (error) {
    await started.disposeAsync()
    throw error
  }
}

async function start(config: Config, options: StartOptions, started: AsyncDisposableStack): Promise<RunningServer> {
  const log = options.log ?? createLog()
  const opened = await openDatabase(config, log, options.pool)
  started.defer(opened.stop)
  const stores = await openStores(config, opened.db, log)
  const work = await startWork(config, options, stores, started)
  const app = createHttpServer(log, config.publicUrl)
  boundConnections(app.server)
  const recorder = startRecording(app, { ...stores, config })
  started.defer(() => recorder.stop())
  const routes = allRoutes({ ...work.services, ...stores, ...work, flushCalls: recorder.flush })
  const verifiers = {
    channelToken: createTokenVerifier(stores),
    apiToken: stores.tokens.verify,
    accessToken: stores.accessTokens.verify,
    session: stores.identity.session,
  }
  const limits = createRateLimits(stores.ratePolicies.of)
  mount(app, routes, {
    verifiers,
    files: stores.files,
    limits,
    recorder,
    checksAnswers: options.checksAnswers ?? false,
  })
  await serveInbox(app)
  started.defer(() => closeServer(app))
  // While it can still be answered.
  started.defer(() => work.relay.stop())
  started.defer(() => work.services.live.stop()) // open streams would keep the server from closing
  const url = await listen(app, config)
  work.localOrigin.is = url
  work.publicOrigin.is = config.publicUrl ?? url.replace("//127.0.0.1:", "//localhost:")
  const demo = config.demo
    ? await startDemo(
        { ...stores, askPartner: work.askPartner, dialer: work.dialer, config },
        work.allowHosts,
        options,
        {
          apiUrl: url,
          linkOrigin: work.publicOrigin.is,
          dataDir: config.dataDir,
        },
      )
    : null
  await resumeSimulator(work.simulator, opened.db)
  const { code } = await prepareSetup(opened.db)
  return {
    url,
    services: work.services,
    dataDir: config.dataDir,
    database: opened.kind,
    setupCode: code,
    demo,
    endpoints: routes.map(({ endpoint }) => endpoint),
    settle: work.settle,
    close: () => started.disposeAsync(),
  }
}

/** What remembers: each store owns its tables and whatever it keeps in memory of them. */
async function openStores(config: Config, db: Database, log: Log) {
  const seal = await openSeal(config)
  await checkSeal(db, seal)
  return {
    db,
    log,
    seal,
    ids: createIds(db),
    apps: openApps(db, seal),
    channels: openChannels(db, seal),
    tokens: openTokens(db, await openInstallationToken(config)),
    accessTokens: openAccessTokens(db),
    ratePolicies: await openRatePolicies({
      db,
      log,
      defaults: config.strictLimits ? strictPolicy : generousPolicy,
      isStrict: config.strictLimits,
    }),
    identity: createIdentity({ db, seal, log, publicUrl: config.publicUrl }),
    files: await openFileStore(config.dataDir, (name) => log.error({ file: name }, "files.damaged")),
    mailer: createMailer(config.mail, log),
    provider: config.provider === null ? null : createProvider(db, config.provider),
  }
}

type Stores = Awaited<ReturnType<typeof openStores>>

/** What works by itself: deliveries, the live feed and the group commit. */
async function startWork(config: Config, options: StartOptions, stores: Stores, started: AsyncDisposableStack) {
  const { db, log, ids, channels, files } = stores
  const clock = config.heldClock ? heldClock() : runningClock()
  const live = await createLiveHub({ db, log })
  // The demo's partners join the operator's list when they have a port.
  const allowHosts = new Set(config.allowHosts)
  const dialer = createDialer({ allowLoopback: isLoopback(config.host), allowHosts, names: options.names })
  const publicOrigin = { is: config.publicUrl ?? "" }
  const companySecret = (companyId: number) => ruleSecret({ db, seal: stores.seal }, companyId)
  const hooks: DeliveryHooks = {
    compose: (claimed) => composeWebhook({ db, origin: () => publicOrigin.is, companySecret }, claimed),
    async prepare({ companyId, channelId }) {
      const channel = await channels.find(companyId, channelId)
      if (channel !== null) await renewals.fresh(channel)
    },
    async onState(tx, change) {
      await tellAutoReply(tx, ids, change, clock.now())
      await recordReplyState(tx, ids, change)
      live.expect([change.delivery.companyId])
    },
    async onPause(tx, companyId, channelId) {
      await ids.reserve(1)
      await appendEvents(tx, companyId, [{ id: ids.take(), type: "channel_pause", isPublic: false, channelId }])
      live.expect([companyId])
    },
    async onAuthenticationFailed(tx, companyId, channelId, reason) {
      await ids.reserve(1)
      await renewRefused(tx, { companyId, id: channelId })
      await setChannelStatus(tx, { companyId, channelId, status: "offline", reason, eventId: ids.take() })
      channels.forget(companyId, channelId)
    },
  }
  const relay = createRelay({ ...stores, wall: systemWall, committed: (companyIds) => engines.committed(companyIds) })
  const renewals = startRenewals({ ...stores, dialer, committed: (companyIds) => engines.committed(companyIds) })
  started.defer(() => renewals.stop())
  const engines = startEngines(options, {
    ...stores,
    clock,
    dialer,
    relay,
    hooks,
    live,
    keptDays: config.keepDeliveriesDays,
    origin: () => publicOrigin.is,
  })
  started.defer(() => engines.stop())
  for (const tidying of [startChaining(stores), startSweeping(stores), watchAudit({ db, live, log })])
    started.defer(() => tidying.stop())
  const { committed, presence } = engines
  const services: Services = { config, db, ids, clock, log, files, live, committed }
  const askPartner = (question: PartnerQuestion) => callPartner({ db, ids, dialer, relay, log }, question)
  const localOrigin = { is: "" }
  const simulator = createSimulator({
    ...stores,
    config,
    allowHosts,
    dialer,
    askPartner,
    committed,
    localOrigin: () => localOrigin.is,
  })
  started.defer(() => simulator.stop())
  const conformance = createConformance(log)
  started.defer(() => conformance.stop())
  const acceptor = (options.createAcceptor ?? createAcceptor)({ db, ids, log, now: clock.now, committed })
  started.defer(() => acceptor.drain())
  return {
    services,
    acceptor,
    presence,
    hooks,
    dialer,
    relay,
    allowHosts,
    /** Known once it listens. */
    publicOrigin,
    localOrigin,
    simulator,
    conformance,
    askPartner,
    async settle() {
      await acceptor.drain()
      do await engines.settle()
      while ((await renewals.settle()) > 0)
    },
  }
}

interface EngineDeps extends Stores, Pick<Services, "clock" | "live"> {
  dialer: Dialer
  relay: Relay
  hooks: DeliveryHooks
  keptDays: number
  origin(): string
}

/** What follows from a commit, or from time that has passed: snoozes end, rules are asked, partners are told, and so are webhooks, in this order where one makes work for the next. */
function startEngines({ delivers = true }: StartOptions, deps: EngineDeps) {
  const wake = (companyIds: readonly number[]): void =>
    actingAsNobody(() => {
      if (isLostAt("hints")) return
      for (const engine of engines) engine.wake(companyIds)
      deps.live.wake(companyIds)
      deps.relay.wake()
    })
  const committed = (companyIds: Iterable<number>): void => {
    const ids = [...companyIds]
    wake(ids)
    hints.tell(ids)
  }
  const { hooks, keptDays } = deps
  const telling: DeliveryHooks = {
    ...hooks,
    async onState(tx, change) {
      await hooks.onState(tx, change)
      expectCommit([change.delivery.companyId])
    },
  }
  const engines = delivers
    ? [
        startReminders({ ...deps, committed }),
        startRules({ ...deps, committed }),
        startDelivery({ ...deps, hooks: telling, keptDays }),
        startWebhooks(deps),
      ]
    : []
  const webhooks = engines.at(-1)
  /** Results of deliveries are events too; their commit is a moment away. */
  const expectCommit = (companyIds: number[]) => {
    if (isLostAt("hints")) return
    setTimeout(() => webhooks?.wake(companyIds), 10).unref()
    hints.tell(companyIds)
  }
  /** What other processes on this database have committed. */
  const hints = openHints({ db: deps.db, log: deps.log, onHint: wake, onSight: (sight) => people.note(sight) })
  const people = createPresence({
    now: Date.now,
    onChange: (companyId, conversationId, teammates) =>
      deps.live.announce(companyId, conversationId, "presence", {
        conversation_id: formatId("cnv", conversationId),
        teammates,
      }),
  })
  /** What a browser says of itself is heard by the other processes too. */
  const presence: Presence = {
    ...people,
    note(sight) {
      people.note(sight)
      hints.saw(sight)
    },
  }
  return {
    committed,
    presence,
    async settle() {
      for (const engine of engines) await engine.settle()
    },
    async stop() {
      presence.stop()
      await hints.close()
      await Promise.all(engines.map((engine) => engine.stop()))
    },
  }
}

/** The demo's partners are on this machine and may be called there, wherever the server itself listens. */
async function startDemo(
  deps: Omit<DemoDeps, "startPartner">,
  allowHosts: Set<string>,
  { startPartner: start }: StartOptions,
  platform: DemoPlatform,
): Promise<DemoResult | null> {
  if (start === undefined) return null
  const startPartner = async (apps: DemoApps): Promise<Record<DemoKind, DemoPlace>> => {
    const places = await start(apps, platform)
    for (const { webhookUrl } of Object.values(places)) allowHosts.add(new URL(webhookUrl).host)
    return places
  }
  return ensureDemo({ ...deps, startPartner })
}

const idleLookMs = 50

/**
 * Takes no new connection, and ends when the last answer has left. Node closes connections that are idle at that moment only: one whose client has its
 * answer a moment before the server knows would be kept alive for a minute.
 */
async function closeServer(app: FastifyInstance): Promise<void> {
  const timer = setInterval(() => app.server.closeIdleConnections(), idleLookMs)
  try {
    await app.close()
  } finally {
    clearInterval(timer)
  }
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    await app.listen({ port: config.port, host: config.host })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error
    throw new StartError(
      `Port ${config.port} on ${config.host} is in use.`,
      `Stop what listens there, or choose another: npm start -- --port ${config.port + 1}`,
    )
  }
  const { port } = app.server.address() as AddressInfo
  // "Every address" is none that a client could dial.
  const host = config.host.replace(/^0\.0\.0\.0$/, "127.0.0.1").replace(/^::$/, "::1")
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`
}
