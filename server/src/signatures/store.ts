import { formatId, parseId } from "@causeway/contract/ids"
import type { Signature } from "@causeway/contract/resources/signature"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"

export interface SignatureRow extends OwnerColumns {
  id: number
  owner_kind: "team" | "teammate"
  owner_id: number
  name: string | null
  body: string
  sender_info: string | null
  is_default: boolean
  is_visible_for_all_teammate_channels: boolean
  /** Null: in every channel. */
  channel_ids: number[] | null
}

const columns =
  "id, owner_kind, owner_id, name, body, sender_info, is_default, is_visible_for_all_teammate_channels, channel_ids"

/** By the primary key. */
export const findSignatures = (tx: Tx, companyId: number, ids: readonly number[]): Promise<SignatureRow[]> =>
  tx.query<SignatureRow>({
    name: "signatures.find_all",
    text: `select ${columns} from signature where company_id = $1 and id = any($2::bigint[])`,
    values: [companyId, ids],
  })

/** By `sig_…`; null when the company has none, or it is another teammate's own. `viewer`: see `viewerOf`. */
export async function findSignature(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<SignatureRow | null> {
  const id = parseId("sig", reference)
  if (id === null) return null
  const rows = await tx.query<SignatureRow>({
    name: "signatures.find",
    text: `select ${columns} from signature where company_id = $1 and id = $2 and ${visibleTo("$3")}`,
    values: [companyId, id, viewer],
  })
  return rows[0] ?? null
}

/** The same; 404 instead of null. */
export async function getSignature(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<SignatureRow> {
  const signature = await findSignature(tx, companyId, viewer, reference)
  if (signature === null) throw notFound("signature", reference)
  return signature
}

/** What a team or a teammate has, oldest first. Walks signature_owner. */
export const listSignatures = (
  tx: Tx,
  companyId: number,
  viewer: number | null,
  owner: OwnerColumns,
): Promise<SignatureRow[]> =>
  tx.query<SignatureRow>({
    name: "signatures.list",
    text: `select ${columns} from signature where company_id = $1 and owner_kind = $2 and owner_id = $3 and ${visibleTo("$4")} order by id`,
    values: [companyId, owner.owner_kind, owner.owner_id, viewer],
  })

/**
 * What is set under a message of `authorId` over a channel when nobody chose: the default of the author, else the oldest of the defaults of the author's
 * teams. Walks signature_default.
 */
export async function defaultSignature(
  tx: Tx,
  companyId: number,
  authorId: number,
  channelId: number,
): Promise<SignatureRow | null> {
  const rows = await tx.query<SignatureRow>({
    name: "signatures.default",
    text: `select ${columns} from signature where company_id = $1 and is_default and (channel_ids is null or $3 = any(channel_ids))
             and (owner_kind = 'teammate' and owner_id = $2
               or owner_kind = 'team' and owner_id in (select team_id from team_teammate where company_id = $1 and teammate_id = $2))
           order by owner_kind desc, id limit 1`,
    values: [companyId, authorId, channelId],
  })
  return rows[0] ?? null
}

const valuesOf = (companyId: number, signature: SignatureRow): unknown[] => [
  companyId,
  signature.id,
  signature.name,
  signature.body,
  signature.sender_info,
  signature.is_default,
  signature.is_visible_for_all_teammate_channels,
  signature.channel_ids,
]

export async function insertSignature(tx: Tx, companyId: number, signature: SignatureRow): Promise<void> {
  if (signature.is_default) await clearDefault(tx, companyId, signature)
  await tx.query({
    name: "signatures.insert",
    text: `insert into signature (company_id, id, name, body, sender_info, is_default, is_visible_for_all_teammate_channels, channel_ids, owner_kind, owner_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [...valuesOf(companyId, signature), signature.owner_kind, signature.owner_id],
  })
}

export async function saveSignature(tx: Tx, companyId: number, signature: SignatureRow): Promise<void> {
  if (signature.is_default) await clearDefault(tx, companyId, signature)
  await tx.query({
    name: "signatures.save",
    text: `update signature set name = $3, body = $4, sender_info = $5, is_default = $6, is_visible_for_all_teammate_channels = $7, channel_ids = $8,
             updated_at = now() where company_id = $1 and id = $2`,
    values: valuesOf(companyId, signature),
  })
}

/** The owner's default until now, which another one takes the place of. Walks signature_default. */
async function clearDefault(tx: Tx, companyId: number, signature: SignatureRow): Promise<void> {
  await tx.query({
    name: "signatures.clear_default",
    text: `update signature set is_default = false, updated_at = now()
           where company_id = $1 and owner_kind = $2 and owner_id = $3 and is_default and id <> $4`,
    values: [companyId, signature.owner_kind, signature.owner_id, signature.id],
  })
}

/** A draft that names it goes on without one. */
export async function deleteSignature(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({
    name: "signatures.delete",
    text: "delete from signature where company_id = $1 and id = $2",
    values: [companyId, id],
  })
}

/** The vendor's Signature. */
export function signatureResource(signature: SignatureRow, origin: string): Signature {
  const id = formatId("sig", signature.id)
  return {
    _links: { self: `${origin}/signatures/${id}`, related: { owner: ownerLink(signature, origin) as string } },
    id,
    name: signature.name,
    body: signature.body,
    sender_info: signature.sender_info,
    is_visible_for_all_teammate_channels: signature.is_visible_for_all_teammate_channels,
    is_default: signature.is_default,
    is_private: signature.owner_kind === "teammate",
    channel_ids: signature.channel_ids?.map((channelId) => formatId("cha", channelId)) ?? null,
  }
}
