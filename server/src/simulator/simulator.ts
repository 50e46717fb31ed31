import { formatId } from "@causeway/contract/ids"
import type { App, Apps } from "../apps/store.ts"
import { type ConnectDeps, connectChannel } from "../channels/connect.ts"
import type { Channel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { forbidden, notFound } from "../http/errors.ts"
import type { Log } from "../log.ts"
import { type Partner, startPartner } from "./partner.ts"
import type { Provider } from "./phones.ts"
import { callApi } from "./platform.ts"
import { type ChannelState, handleOf, newState, phoneOf } from "./state.ts"
import { ensureSimulatedApp, findSimulatedUid, listSimulatedChannels, moveSimulated } from "./store.ts"

/**
 * Plays the partner of simulated channels. Each is an ordinary channel of an ordinary app whose server is ours: webhooks are dialled, signed and
 * answered over HTTP, and what customers do comes in over the Channel API. Phones, faults and recordings are kept in memory by the process that answers.
 */
export interface Simulator {
  readonly isEnabled: boolean
  list(companyId: number): Promise<Channel[]>
  /** Connects another one. */
  create(companyId: number, inboxId: number, name: string): Promise<Channel>
  /** 404 for a channel that is not simulated. */
  open(companyId: number, channelId: string): Promise<Provider & { channel: Channel }>
  stop(): Promise<void>
}

export interface SimulatorDeps extends ConnectDeps {
  db: Database
  apps: Apps
  log: Log
  config: { simulator: boolean }
  /** Partners that may be called wherever they are. */
  allowHosts: Set<string>
  /** Where this process listens; known once it does. */
  localOrigin(): string
  committed(companyIds: Iterable<number>): void
}

const laterMs = 300

export function createSimulator(deps: SimulatorDeps): Simulator {
  const states = new Map<string, ChannelState>()
  let partner: Promise<Partner> | null = null

  const stateOf = (companyId: number, channelId: number): ChannelState => {
    const key = `${companyId}/${channelId}`
    const state = states.get(key) ?? newState(companyId, channelId)
    states.set(key, state)
    return state
  }

  async function failLater(state: ChannelState, thread: string, externalId: string, reason: string): Promise<void> {
    const uid = await findSimulatedUid(deps.db, state.companyId)
    const app = uid === null ? null : await deps.apps.find(uid)
    if (app === null) return
    const ids = `/conversations/${encodeURIComponent(thread)}/messages/${encodeURIComponent(externalId)}`
    await callApi(deps.localOrigin(), app, state, {
      method: "PUT",
      path: `${ids}/status`,
      body: { status: "failed", reason },
      thread,
      what: "PUT status",
    })
    const shown = phoneOf(state, handleOf(state, thread) ?? "").messages.find(({ id }) => id === externalId)
    if (shown !== undefined) shown.state = "failed"
    state.changed()
  }

  /** Begins to listen, once, and tells the channels of earlier starts where. */
  function listen(): Promise<Partner> {
    partner ??= startPartner({
      log: deps.log,
      findApp: (uid) => deps.apps.find(uid),
      stateOf,
      forget: (companyId, channelId) => states.delete(`${companyId}/${channelId}`),
      failLater(state, thread, externalId, reason) {
        setTimeout(() => {
          failLater(state, thread, externalId, reason).catch((error: unknown) =>
            deps.log.error({ err: error }, "simulator.status_not_told"),
          )
        }, laterMs).unref()
      },
    }).then(async (started) => {
      deps.allowHosts.add(new URL(started.base).host)
      await moveSimulated(deps, started.base)
      return started
    })
    return partner
  }

  async function appOf(companyId: number): Promise<App | null> {
    const uid = await findSimulatedUid(deps.db, companyId)
    return uid === null ? null : await deps.apps.find(uid)
  }

  function refuseWhereOff(): void {
    if (!deps.config.simulator)
      throw forbidden(
        "The simulator is off here: the server must listen on a loopback address, or be started with CAUSEWAY_SIMULATOR=1",
      )
  }

  return {
    isEnabled: deps.config.simulator,
    list: (companyId) => listSimulatedChannels(deps.db, deps.channels, companyId),
    async create(companyId, inboxId, name) {
      refuseWhereOff()
      const { base } = await listen()
      const app = await ensureSimulatedApp(deps, companyId, base)
      const body = { type: "custom", name, application_uid: app.uid }
      const id = await connectChannel(deps, { companyId, inboxId, body })
      deps.committed([companyId])
      return await deps.channels.get(companyId, formatId("cha", id))
    },
    async open(companyId, text) {
      refuseWhereOff()
      const channel = text.startsWith("cha_") ? await deps.channels.resolve(companyId, text) : null
      const app = await appOf(companyId)
      if (channel === null || app === null || channel.appUid !== app.uid)
        throw notFound("simulated channel", text.slice(0, 200))
      await listen()
      return { channel, app, state: stateOf(companyId, channel.id), origin: deps.localOrigin() }
    },
    async stop() {
      await (await partner)?.close()
    },
  }
}

/** Channels that were simulated before the server stopped are reachable again from its start. */
export async function resumeSimulator(simulator: Simulator, db: Database): Promise<void> {
  if (!simulator.isEnabled) return
  const rows = await db.query<{ company_id: number; channel_id: number }>({
    text: `select channel.company_id, channel.id as channel_id from channel join simulated_app using (company_id, app_uid)
           where channel.deleted_at is null limit 1`,
  })
  const [any] = rows
  if (any !== undefined) await simulator.open(any.company_id, formatId("cha", any.channel_id))
}
