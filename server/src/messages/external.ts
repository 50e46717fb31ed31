import { parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import type { Incoming } from "./batch.ts"

/** Which message an incoming one is: a new one with its number, or one that was there before. */
export interface Claim {
  incoming: Incoming
  messageId: number
  uid: string
  repeated: boolean
}

interface KnownRow {
  channel_id: number
  external_id: string
  id: number
  uid: string
  body_source: string
}

const keyOf = (channelId: number, externalId: string): string => `${channelId}\n${externalId}`

/**
 * Takes each external id for its message, once per channel and for ever. Two transactions that bring the same id at once: the second waits for the
 * first and then finds it taken. A repeat with another body changes nothing and is logged.
 */
export async function claimExternalIds(
  tx: Tx,
  deps: { ids: Ids; log: Log },
  batch: readonly Incoming[],
): Promise<Claim[]> {
  const claims: Claim[] = batch.map((incoming) => ({
    incoming,
    messageId: deps.ids.take(),
    uid: incoming.uid,
    repeated: false,
  }))
  const keyed = claims.filter(({ incoming }) => incoming.externalId !== null)
  if (keyed.length === 0) return claims
  const own = await findOwnIds(tx, keyed)
  const taken = await insertExternalIds(
    tx,
    keyed.filter((claim) => !own.has(claim)),
  )
  const repeats = keyed.filter((claim) => !own.has(claim) && !taken.has(claim.messageId))
  const known = repeats.length > 0 ? await findKnown(tx, repeats) : new Map<string, KnownRow>()
  const first = new Map(
    keyed
      .filter((claim) => taken.has(claim.messageId))
      .map((claim) => [keyOf(claim.incoming.channel.id, claim.incoming.externalId as string), claim]),
  )
  for (const claim of repeats) {
    const key = keyOf(claim.incoming.channel.id, claim.incoming.externalId as string)
    const row = known.get(key)
    const winner = first.get(key)
    if (row) repeat(claim, row.id, row.uid, row.body_source === bodyOf(claim.incoming), deps.log)
    else if (winner)
      repeat(claim, winner.messageId, winner.uid, bodyOf(winner.incoming) === bodyOf(claim.incoming), deps.log)
    else throw new Error(`external id of channel ${claim.incoming.channel.id} is taken but names no message`)
  }
  for (const [claim, row] of own) repeat(claim, row.id, row.uid, true, deps.log)
  return claims
}

const bodyOf = (incoming: Incoming): string => incoming.body.source ?? incoming.body.body

function repeat(claim: Claim, messageId: number, uid: string, sameBody: boolean, log: Log): void {
  claim.messageId = messageId
  claim.uid = uid
  claim.repeated = true
  if (!sameBody)
    log.warn({ channel_id: claim.incoming.channel.id, message_id: messageId }, "accept.repeat_with_another_body")
}

async function insertExternalIds(tx: Tx, claims: readonly Claim[]): Promise<Set<number>> {
  if (claims.length === 0) return new Set()
  const rows = claims
    .map(({ incoming, messageId }) => ({
      company_id: incoming.channel.companyId,
      channel_id: incoming.channel.id,
      external_id: incoming.externalId as string,
      message_id: messageId,
    }))
    .toSorted(
      (a, b) =>
        a.channel_id - b.channel_id ||
        (a.external_id < b.external_id ? -1 : a.external_id > b.external_id ? 1 : a.message_id - b.message_id),
    )
  const inserted = await tx.query<{ message_id: number }>({
    name: "external.insert",
    text: `insert into external_message_id (company_id, channel_id, external_id, message_id)
           select * from json_to_recordset($1::json) as new(company_id bigint, channel_id bigint, external_id text, message_id bigint)
           on conflict do nothing returning message_id`,
    values: [JSON.stringify(rows)],
  })
  return new Set(inserted.map((row) => row.message_id))
}

async function findKnown(tx: Tx, claims: readonly Claim[]): Promise<Map<string, KnownRow>> {
  const rows = await tx.query<KnownRow>({
    name: "external.find",
    text: `select known.channel_id, known.external_id, message.id, message.uid, coalesce(message.body_source, message.body) as body_source
           from json_to_recordset($1::json) as wanted(company_id bigint, channel_id bigint, external_id text)
           join external_message_id known on known.company_id = wanted.company_id and known.channel_id = wanted.channel_id
             and known.external_id = wanted.external_id collate "C"
           join message on message.company_id = known.company_id and message.id = known.message_id`,
    values: [
      JSON.stringify(
        claims.map(({ incoming }) => ({
          company_id: incoming.channel.companyId,
          channel_id: incoming.channel.id,
          external_id: incoming.externalId,
        })),
      ),
    ],
  })
  return new Map(rows.map((row) => [keyOf(row.channel_id, row.external_id), row]))
}

/** A partner that imports what we sent may use our own `msg_…` id as its external id: that is the message, not a new one. */
async function findOwnIds(tx: Tx, claims: readonly Claim[]): Promise<Map<Claim, { id: number; uid: string }>> {
  const ours = claims.flatMap((claim) => {
    const id = claim.incoming.direction === "outbound" ? parseId("msg", claim.incoming.externalId as string) : null
    return id === null ? [] : [{ claim, id }]
  })
  const found = new Map<Claim, { id: number; uid: string }>()
  for (const { claim, id } of ours) {
    const { companyId, id: channelId } = claim.incoming.channel
    const rows = await tx.query<{ id: number; uid: string }>({
      name: "external.find_own",
      text: "select id, uid from message where company_id = $1 and id = $2 and channel_id = $3 and state is not null",
      values: [companyId, id, channelId],
    })
    if (rows[0]) found.set(claim, rows[0])
  }
  return found
}
