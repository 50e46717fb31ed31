import type { RelayedAnswer, RelayedWebhook } from "@causeway/contract/endpoints/listeners"
import { formatId } from "@causeway/contract/ids"
import { answerMs } from "@causeway/contract/limits"
import type { Database, Tx } from "../database/database.ts"
import type { OutgoingRequest } from "../delivery/outcome.ts"
import type { Seal } from "../secrets/seal.ts"

export interface Listener {
  id: number
  appUid: string
  name: string
  turn: number
}

/** Nobody is handed a webhook later than this after it was composed; ms of the database's clock. */
export const takeMs = answerMs
/** A listener that has not asked for so long is away. */
const presentMs = 15_000
const handedMax = 16
/** What a process that died left behind. */
const staleMs = 60_000

interface ListenerRow {
  id: number
  app_uid: string
  name: string
  turn: number
}

const listenerOf = ({ id, app_uid, name, turn }: ListenerRow): Listener => ({ id, appUid: app_uid, name, turn })

/** Whoever listens to the app at this moment, locked. Walks listener_app. */
export async function presentListener(tx: Tx, companyId: number, appUid: string): Promise<Listener | null> {
  const rows = await tx.query<ListenerRow>({
    name: "listeners.present",
    text: `select id, app_uid, name, turn from listener
           where company_id = $1 and app_uid = $2 and seen_at > clock_timestamp() - $3 * interval '1 ms' and until > clock_timestamp() for update`,
    values: [companyId, appUid, presentMs],
  })
  return rows[0] ? listenerOf(rows[0]) : null
}

export interface NewListener {
  companyId: number
  id: number
  appUid: string
  name: string
  keptSeconds: number
}

/** In place of whoever listened before. False: somebody else was quicker. */
export async function insertListener(tx: Tx, listener: NewListener): Promise<boolean> {
  const { companyId, id, appUid, name, keptSeconds } = listener
  const before = await tx.query<{ id: number }>({
    name: "listeners.replace",
    text: "delete from listener where company_id = $1 and app_uid = $2 returning id",
    values: [companyId, appUid],
  })
  for (const old of before) await dropOpen(tx, companyId, old.id)
  const rows = await tx.query({
    name: "listeners.insert",
    text: `insert into listener (company_id, id, app_uid, name, kept_for, until)
           values ($1, $2, $3, $4, $5 * interval '1 s', clock_timestamp() + $5 * interval '1 s') on conflict do nothing returning id`,
    values: [companyId, id, appUid, name, keptSeconds],
  })
  return rows.length > 0
}

/** What nobody was handed is carried to the app's address; what somebody was, still waits for their answer. */
const dropOpen = (tx: Tx, companyId: number, listenerId: number) =>
  tx.query({
    name: "relays.drop_open",
    text: "delete from relay where company_id = $1 and listener_id = $2 and turn is null",
    values: [companyId, listenerId],
  })

/** Null: it is not, or no longer. */
export async function deleteListener(tx: Tx, companyId: number, id: number): Promise<Listener | null> {
  const rows = await tx.query<ListenerRow>({
    name: "listeners.delete",
    text: "delete from listener where company_id = $1 and id = $2 returning id, app_uid, name, turn",
    values: [companyId, id],
  })
  await dropOpen(tx, companyId, id)
  return rows[0] ? listenerOf(rows[0]) : null
}

/** Deliveries of an app's channels that have not ended. */
export async function countWaiting(db: Database | Tx, companyId: number, appUid: string): Promise<number> {
  const rows = await db.query<{ count: number }>({
    name: "listeners.count_waiting",
    text: `select count(*)::int as count from delivery join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
           where delivery.company_id = $1 and channel.app_uid = $2 and delivery.state in ('queued', 'sending', 'waiting')`,
    values: [companyId, appUid],
  })
  return rows[0]?.count ?? 0
}

interface Handed {
  turn: number
  webhooks: RelayedWebhook[]
}

/**
 * What a listener is handed in `turn`: what waits, when it is the turn after the last one in which there was something; the same once more when it is
 * that one. Null when there is no such listener; "order" when it is neither. It counts as seen.
 */
export async function handOver(
  tx: Tx,
  seal: Seal,
  companyId: number,
  listenerId: number,
  turn: number,
): Promise<Handed | "order" | null> {
  const [listener] = await tx.query<{ turn: number }>({
    name: "listeners.see",
    text: `update listener set seen_at = clock_timestamp(), until = clock_timestamp() + kept_for
           where company_id = $1 and id = $2 returning turn`,
    values: [companyId, listenerId],
  })
  if (listener === undefined) return null
  if (turn !== listener.turn && turn !== listener.turn + 1) return "order"
  if (turn === listener.turn) return { turn, webhooks: await listTurn(tx, seal, companyId, listenerId, turn) }
  const rows = await tx.query<RelayRow>({
    name: "relays.take",
    text: `update relay set turn = $3, taken_at = clock_timestamp() from (
             select id from relay where company_id = $1 and listener_id = $2 and turn is null and take_until > clock_timestamp()
             order by id limit $4 for update
           ) open where relay.company_id = $1 and relay.id = open.id returning relay.id, delivery_id, type, request`,
    values: [companyId, listenerId, turn, handedMax],
  })
  if (rows.length === 0) return { turn: listener.turn, webhooks: [] }
  await tx.query({
    name: "listeners.turn",
    text: "update listener set turn = $3 where company_id = $1 and id = $2",
    values: [companyId, listenerId, turn],
  })
  return { turn, webhooks: rows.sort((a, b) => a.id - b.id).map((row) => webhookOf(seal, companyId, row)) }
}

interface RelayRow {
  id: number
  delivery_id: number | null
  type: string
  request: string
}

const listTurn = async (
  tx: Tx,
  seal: Seal,
  companyId: number,
  listenerId: number,
  turn: number,
): Promise<RelayedWebhook[]> => {
  const rows = await tx.query<RelayRow>({
    name: "relays.of_turn",
    text: "select id, delivery_id, type, request from relay where company_id = $1 and listener_id = $2 and turn = $3 order by id",
    values: [companyId, listenerId, turn],
  })
  return rows.map((row) => webhookOf(seal, companyId, row))
}

const webhookOf = (seal: Seal, companyId: number, { id, delivery_id, type, request }: RelayRow): RelayedWebhook => ({
  id: formatId("rly", id),
  delivery_id: delivery_id === null ? null : formatId("dlv", delivery_id),
  type,
  request: openedRequest(seal, placeOf(companyId, id), request),
  answer_within_ms: answerMs,
})

/** What a sealed credential of a relayed webhook belongs to. */
const placeOf = (companyId: number, id: number): string => `relay:${companyId}:${id}:authorization`

/** The request as its row holds it: a partner's credential stands nowhere in the database as it is. */
function sealedRequest(seal: Seal, place: string, request: OutgoingRequest): string {
  const { authorization, ...headers } = request.headers
  if (authorization === undefined) return JSON.stringify(request)
  return JSON.stringify({ ...request, headers, sealed: seal.seal(authorization, place).toString("base64") })
}

function openedRequest(seal: Seal, place: string, text: string): OutgoingRequest {
  const { sealed, ...request }: OutgoingRequest & { sealed?: string } = JSON.parse(text)
  if (sealed === undefined) return request
  const authorization = seal.open(Buffer.from(sealed, "base64"), place)
  return { ...request, headers: { ...request.headers, authorization } }
}

/** Whether the listener is there at all, and whether anybody still waited for this answer. The first answer counts. */
export async function keepAnswer(
  db: Database,
  companyId: number,
  listenerId: number,
  relayId: number,
  answer: Omit<RelayedAnswer, "relay_id">,
): Promise<boolean> {
  const rows = await db.query({
    name: "relays.answer",
    text: `update relay set answer = coalesce(answer, $4::jsonb)
           where company_id = $1 and id = $3 and listener_id = $2 and turn is not null returning id`,
    values: [companyId, listenerId, relayId, JSON.stringify(answer).replaceAll("\\u0000", "\\ufffd")],
  })
  return rows.length > 0
}

export async function hasListener(db: Database, companyId: number, id: number): Promise<boolean> {
  const rows = await db.query({
    name: "listeners.has",
    text: "select from listener where company_id = $1 and id = $2",
    values: [companyId, id],
  })
  return rows.length > 0
}

export interface NewRelay {
  companyId: number
  id: number
  listenerId: number
  deliveryId: number | null
  type: string
  request: OutgoingRequest
}

/** False: nobody listens any more. Takes away what is stale on the way. */
export async function putRelay(db: Database, seal: Seal, relay: NewRelay): Promise<boolean> {
  const { companyId, id, listenerId, deliveryId, type, request } = relay
  const rows = await db.query({
    name: "relays.put",
    text: `with stale as (delete from relay where company_id = $1 and listener_id = $3 and take_until < clock_timestamp() - ${staleMs} * interval '1 ms')
           insert into relay (company_id, id, listener_id, delivery_id, type, request, take_until)
           select company_id, $2, id, $4, $5, $6, clock_timestamp() + ${takeMs} * interval '1 ms' from listener
           where company_id = $1 and id = $3 and until > clock_timestamp() returning relay.id`,
    values: [companyId, id, listenerId, deliveryId, type, sealedRequest(seal, placeOf(companyId, id), request)],
  })
  return rows.length > 0
}

export interface RelayState {
  isTaken: boolean
  answer: Omit<RelayedAnswer, "relay_id"> | null
}

/** Null: it is gone. */
export async function readRelay(db: Database, companyId: number, id: number): Promise<RelayState | null> {
  const rows = await db.query<{ is_taken: boolean; answer: RelayState["answer"] }>({
    name: "relays.read",
    text: "select turn is not null as is_taken, answer from relay where company_id = $1 and id = $2",
    values: [companyId, id],
  })
  return rows[0] ? { isTaken: rows[0].is_taken, answer: rows[0].answer } : null
}

/** Takes a webhook back before anybody was handed it. False: somebody was, or it is gone. */
export async function withdrawRelay(db: Database, companyId: number, id: number): Promise<boolean> {
  const rows = await db.query({
    name: "relays.withdraw",
    text: "delete from relay where company_id = $1 and id = $2 and turn is null returning id",
    values: [companyId, id],
  })
  return rows.length > 0
}

export async function deleteRelay(db: Database, companyId: number, id: number): Promise<void> {
  await db.query({
    name: "relays.delete",
    text: "delete from relay where company_id = $1 and id = $2",
    values: [companyId, id],
  })
}
