import { formatId } from "@causeway/contract/ids"
import type { App } from "../apps/store.ts"
import { HttpError } from "../http/errors.ts"
import { secretsIn, without } from "../secrets/redact.ts"
import { type AskPartner, parseObject, readRefusal } from "./authorize.ts"

/** One of the addresses that an account at the partner may send from: a number, a page, a mailbox. */
export interface PartnerAddress {
  address: string
  name: string | null
}

export interface AddressPage {
  addresses: PartnerAddress[]
  nextPageToken: string | null
}

/** Whether the app's server can be asked. To one that does not know the question it is never put: it could end the partner's process. */
export const listsAddresses = (app: App): boolean => app.features.includes("list_addresses")

const addressCharsMax = 200
const nameCharsMax = 500
const pageTokenCharsMax = 2_000
/** Of one answer; ours. */
const addressesMax = 1_000

/**
 * Asks an app's server which addresses a channel's credentials may use (`list_addresses`; its answer is that of the vendor's voice template). Only for
 * apps that declare the feature. Throws 400 with the partner's own reason where it gave one.
 */
export async function listAddresses(
  ask: AskPartner,
  request: { app: App; channelId: number; authorization: string | null; pageToken: string | null },
): Promise<AddressPage> {
  const { app, channelId, authorization, pageToken } = request
  const payload = { channel_id: formatId("cha", channelId), ...(pageToken !== null && { page_token: pageToken }) }
  const answer = await ask({
    companyId: app.companyId,
    channelId,
    type: "list_addresses",
    listenerId: app.listenerId,
    url: app.webhookUrl,
    secret: app.signingSecret,
    authorization,
    body: JSON.stringify({ type: "list_addresses", payload }),
  })
  if (!answer.answered) throw unlisted(app, answer.said)
  const problem = readRefusal(answer)
  if (problem !== null) throw unlisted(app, without(secretsIn(authorization), problem))
  const page = readAddresses(parseObject(answer.body) ?? {})
  if (typeof page === "string") throw unlisted(app, page)
  return page
}

const unlisted = (app: App, problem: string): HttpError =>
  new HttpError(400, `${app.name} did not tell its addresses: ${problem}`, {
    title: "Addresses were not listed",
    code: "list_addresses_failed",
  })

/** The answer's addresses, or what is wrong with it. Exported for its test. */
export function readAddresses(json: Record<string, unknown>): AddressPage | string {
  const list = json.addresses
  if (!Array.isArray(list)) return "its server's answer has no list of addresses"
  if (list.length > addressesMax) return `its server answered more than ${addressesMax} addresses at once`
  const addresses: PartnerAddress[] = []
  for (const [i, item] of list.entries()) {
    const { address, name } = (item ?? {}) as Record<string, unknown>
    if (typeof address !== "string" || address === "" || address.length > addressCharsMax || address.includes("\0"))
      return `addresses[${i}].address in its server's answer must be a string of at most ${addressCharsMax} characters`
    const isName = typeof name === "string" && name.trim() !== "" && !name.includes("\0")
    addresses.push({ address, name: isName ? name.trim().slice(0, nameCharsMax) : null })
  }
  const token = (json.pagination as { next_page_token?: unknown } | undefined)?.next_page_token
  const isToken = typeof token === "string" && token !== "" && token.length <= pageTokenCharsMax
  return { addresses, nextPageToken: isToken ? token : null }
}
