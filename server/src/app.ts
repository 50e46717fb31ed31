import type { Endpoint } from "@causeway/contract/endpoint"
import { startSweeping } from "./attachments/sweep.ts"
import { startChaining } from "./audit/chain.ts"
import { watchAudit } from "./audit/watch.ts"
import { renewRefused, startRenewals } from "./channels/renewal.ts"
import { setChannelStatus } from "./channels/status.ts"
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
import { prepareSetup } from "./company/setup.ts"
import { type Config, isExposed, isLoopback } from "./config.ts"
import { createConformance } from "./conformance/run.ts"
import { openDatabase } from "./database/database.ts"
import { createPendingWords } from "./database/pending-words.ts"
import type { PoolOptions } from "./database/pool.ts"
import { createStatistics } from "./database/statistics.ts"
import { callPartner, type PartnerQuestion } from "./delivery/control.ts"
import { createDialer } from "./delivery/dialer.ts"
import type { DeliveryHooks } from "./delivery/engine.ts"
import type { Names } from "./delivery/names.ts"
import type { DemoPlatform } from "./demo-partner.ts"
import { startEngines } from "./engines.ts"
import { watchStalls } from "./health/stalls.ts"
import { boundConnections } from "./http/connections.ts"
import { closeServer, listen } from "./http/listen.ts"
import { createRateLimits } from "./http/rate-limits.ts"
import { mount } from "./http/route.ts"
import { createSecureFront } from "./http/secure.ts"
import { createHttpServer } from "./http/server.ts"
import { createRelay } from "./listeners/relay.ts"
import { appendEvents } from "./live/feed.ts"
import { createLiveHub } from "./live/hub.ts"
import { createLog, type Log } from "./log.ts"
import { createAcceptor } from "./messages/accept.ts"
import { tellAutoReply } from "./messages/auto-reply.ts"
import { composeWebhook, createSubjects } from "./messages/envelope.ts"
import { createReplier } from "./messages/reply-together.ts"
import { recordRepliesLeave, recordReplyState, recordReplyStates } from "./messages/status.ts"
import { allRoutes } from "./routes.ts"
import { ruleSecret } from "./rules/secret.ts"
import type { Services } from "./services.ts"
import { createSimulator, resumeSimulator } from "./simulator/simulator.ts"
import { openStores, type Stores } from "./stores.ts"
import type { HashCost } from "./teammates/passwords.ts"
import { startRecording } from "./traffic/record.ts"
import { serveInbox } from "./web.ts"

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
  /** What a password's hash costs. Default: what OWASP asks for. */
  hashCost?: HashCost
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
  const stores = await openStores(config, opened.db, log, options.hashCost)
  const work = await startWork(config, options, stores, started)
  const app = createHttpServer(log, config)
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
  const front = config.tls === null ? null : await createSecureFront(app, config.tls, log)
  started.defer(() => closeServer(app))
  started.defer(() => front?.close())
  // While it can still be answered.
  started.defer(() => work.relay.stop())
  started.defer(() => work.services.live.stop()) // open streams would keep the server from closing
  const { url, localUrl } = await listen(app, config, front)
  if (isExposed(config)) log.warn({ host: config.host }, "server.plain_http")
  work.localOrigin.is = localUrl
  work.publicOrigin.is = config.publicUrl ?? url.replace("//127.0.0.1:", "//localhost:")
  const demo = config.demo
    ? await startDemo(
        { ...stores, askPartner: work.askPartner, dialer: work.dialer, config },
        work.allowHosts,
        options,
        {
          apiUrl: localUrl,
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

/** What works by itself: deliveries, the live feed and the group commit. */
async function startWork(config: Config, options: StartOptions, stores: Stores, started: AsyncDisposableStack) {
  const { db, log, ids, channels, files } = stores
  const clock = config.heldClock ? heldClock() : runningClock()
  const live = await createLiveHub({ db, log })
  const stalls = watchStalls()
  started.defer(() => stalls.stop())
  // The demo's partners join the operator's list when they have a port.
  const allowHosts = new Set(config.allowHosts)
  const dialer = createDialer({ allowLoopback: isLoopback(config.host), allowHosts, names: options.names })
  const publicOrigin = { is: config.publicUrl ?? "" }
  const companySecret = (companyId: number) => ruleSecret({ db, seal: stores.seal }, companyId)
  const subjectOf = createSubjects(db)
  const words = createPendingWords(db, log)
  const hooks: DeliveryHooks = {
    compose: (claimed) => composeWebhook({ db, subjectOf, origin: () => publicOrigin.is, companySecret }, claimed),
    async prepare({ companyId, channelId }) {
      const channel = await channels.find(companyId, channelId)
      if (channel !== null) await renewals.fresh(channel)
    },
    async onState(tx, change, options) {
      await tellAutoReply(tx, ids, change, clock.now())
      await recordReplyState(tx, ids, change, options)
      live.expect([change.delivery.companyId])
    },
    async onSettled(tx, companyId, changes) {
      await recordReplyStates(tx, ids, companyId, changes, { ends: true })
      live.expect([companyId])
    },
    async onLeaving(tx, companyId, sends, options) {
      await recordRepliesLeave(tx, ids, companyId, sends, options)
      words.wrote(sends.length)
      live.expect([companyId])
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
  const { committed, presence, typed } = engines
  const statistics = createStatistics(db, log)
  const replier = createReplier({ db, ids, log, now: clock.now })
  const services: Services = { config, db, ids, clock, log, files, live, replier, stalls, committed }
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
  const acceptor = (options.createAcceptor ?? createAcceptor)({
    db,
    ids,
    log,
    now: clock.now,
    committed,
    wrote: (messages) => {
      statistics.wrote(messages)
      words.wrote(messages)
    },
  })
  started.defer(() => acceptor.drain())
  return {
    services,
    acceptor,
    presence,
    typed,
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
