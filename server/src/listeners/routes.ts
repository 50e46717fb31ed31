import { answerWebhook, closeListener, openListener, takeWebhooks } from "@causeway/contract/endpoints/listeners"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Apps } from "../apps/store.ts"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound, OutageError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Ids } from "../ids.ts"
import type { Seal } from "../secrets/seal.ts"
import { memberOf, requireBuilder } from "../teammates/roles.ts"
import type { Relay } from "./relay.ts"
import {
  countWaiting,
  deleteListener,
  handOver,
  hasListener,
  insertListener,
  keepAnswer,
  presentListener,
} from "./store.ts"

export interface ListenerDeps {
  db: Database
  seal: Seal
  ids: Ids
  apps: Apps
  relay: Relay
  committed(companyIds: Iterable<number>): void
}

const keptSeconds = 600
const waitSeconds = 10

export const listenerRoutes = (deps: ListenerDeps): Route[] => [
  route(openListener, async ({ params, body, principal }) => {
    const companyId = companyOf(principal)
    const app = await deps.apps.get(companyId, params.uid)
    await deps.ids.reserve(1)
    const listener = {
      companyId,
      id: deps.ids.take(),
      appUid: app.uid,
      name: body.name ?? "somebody",
      keptSeconds: body.kept_seconds ?? keptSeconds,
    }
    await deps.db.tx(async (tx) => {
      const other = body.take_over === true ? null : await presentListener(tx, companyId, app.uid)
      if (other !== null || !(await insertListener(tx, listener))) throw taken(other?.name ?? "somebody")
    })
    settled(deps, companyId, app.uid)
    const waiting = await countWaiting(deps.db, companyId, app.uid)
    return { status: 201, body: { listener_id: formatId("lsn", listener.id), app: app.name, waiting } }
  }),

  route(takeWebhooks, async ({ params, body, principal }, reply) => {
    const companyId = companyOf(principal)
    const id = listenerId(params.listener_id)
    const gone = new AbortController()
    reply.raw.once("close", () => gone.abort())
    const until = Date.now() + (body.wait_seconds ?? waitSeconds) * 1000
    for (;;) {
      if (deps.relay.isStopping) throw new OutageError("Causeway is stopping")
      const handed = await deps.db.tx((tx) => handOver(tx, deps.seal, companyId, id, body.turn))
      if (handed === null) throw notFound("listener", params.listener_id)
      if (handed === "order") throw invalid("body.turn", "must be the last turn, or the one after it")
      if (handed.webhooks.length > 0) deps.relay.wake()
      if (handed.webhooks.length > 0 || handed.turn === body.turn || Date.now() >= until || gone.signal.aborted)
        return { status: 200, body: handed }
      await deps.relay.changed(until - Date.now(), gone.signal)
    }
  }),

  route(answerWebhook, async ({ params, body, principal }) => {
    const companyId = companyOf(principal)
    const id = listenerId(params.listener_id)
    const { relay_id: relayText, ...answer } = body
    if (!(await hasListener(deps.db, companyId, id))) throw notFound("listener", params.listener_id)
    if ((answer.status === undefined) === (answer.fault === undefined))
      throw invalid("body.status", "or body.fault is required, and not both")
    const relayId = parseId("rly", relayText)
    const isKept = relayId !== null && (await keepAnswer(deps.db, companyId, id, relayId, answer))
    if (isKept) {
      deps.relay.wake()
      deps.committed([companyId])
    }
    return { status: 200, body: { kept: isKept } }
  }),

  route(closeListener, async ({ params, principal }) => {
    const companyId = companyOf(principal)
    const listener = await deps.db.tx((tx) => deleteListener(tx, companyId, listenerId(params.listener_id)))
    if (listener === null) throw notFound("listener", params.listener_id)
    settled(deps, companyId, listener.appUid)
    return { status: 204 }
  }),
]

/** Who carries the app's webhooks has changed. */
function settled({ apps, relay, committed }: ListenerDeps, companyId: number, appUid: string): void {
  apps.forget(appUid)
  relay.wake()
  committed([companyId])
}

function companyOf(principal: Principal): number {
  requireBuilder(principal)
  return memberOf(principal).companyId
}

/** A number that no listener has, where it is no id: answered like a missing one. */
const listenerId = (text: string): number => parseId("lsn", text) ?? 0

const taken = (name: string): HttpError =>
  new HttpError(409, `${name} listens to this app already: end that, or take over`, { code: "listened_to" })
