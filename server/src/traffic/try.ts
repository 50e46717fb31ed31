import { findApp } from "../apps/store.ts"
import { recordAudit } from "../audit/store.ts"
import { findChannel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { tryOnce } from "../delivery/attempt.ts"
import { recordQuestion } from "../delivery/control.ts"
import type { Dialer } from "../delivery/dialer.ts"
import type { ChannelDeliveryRow, DeliveryRow } from "../delivery/read.ts"
import { HttpError, invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"

export interface TryDeps {
  db: Database
  ids: Ids
  log: Log
  dialer: Dialer
}

/** Posts `body` to where a delivery went, signed anew, and writes it into the log. Answers the number of the new delivery. Nothing else hears of it. */
export async function tryAgain(deps: TryDeps, companyId: number, row: DeliveryRow, body: string): Promise<number> {
  if (row.channel_id === null)
    throw new HttpError(409, "Only what was told to a channel can be tried with another body")
  refuseNoJson(body)
  const { type, channel_id: channelId } = row as ChannelDeliveryRow
  const channel = await findChannel(deps.db, companyId, channelId)
  const app = channel?.appUid ? await findApp(deps.db, channel.appUid) : null
  if (channel === null || app === null)
    throw new HttpError(409, "The channel or its app is gone: there is nobody to tell")
  const isQuestion = type === "authorization" || type === "list_addresses"
  const result = await tryOnce(deps.dialer, {
    url: isQuestion ? app.webhookUrl : (channel.webhookUrl ?? app.webhookUrl),
    method: type === "delete" ? "DELETE" : "POST",
    secret: app.signingSecret,
    authorization: channel.authorization,
    body,
    keepAlive: true,
  })
  const id = await recordQuestion(deps, { companyId, channelId, webhookId: null, type, replayOf: row.id }, result)
  if (id === null) throw new HttpError(409, "It was sent, but the log could not be written")
  await deps.db.tx((tx) => recordAudit(tx, { companyId, noun: "delivery", verb: "replayed", target: String(row.id) }))
  return id
}

/** Signatures are made over the bytes and checked over what was parsed and written again: both must be the same text. */
function refuseNoJson(body: string): void {
  try {
    JSON.parse(body)
  } catch (error) {
    throw invalid("body.body", `is not JSON: ${(error as Error).message}`)
  }
}
