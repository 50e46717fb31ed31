import type { Tx } from "../database/database.ts"

/** The condition that nobody said two contacts are different people; `one` and `other` are their ids. By the primary key. */
export const notDifferent = (companyId: string, one: string, other: string): string =>
  `not exists (select from contact_different said where said.company_id = ${companyId}
     and said.one_id = least(${one}, ${other}) and said.other_id = greatest(${one}, ${other}))`

export async function addDifferent(
  tx: Tx,
  companyId: number,
  teammateId: number,
  contactId: number,
  otherIds: readonly number[],
): Promise<void> {
  await tx.query({
    name: "contacts.different",
    text: `insert into contact_different (company_id, one_id, other_id, said_by)
           select $1, least($3::bigint, other), greatest($3::bigint, other), $2 from unnest($4::bigint[]) other where other <> $3 on conflict do nothing`,
    values: [companyId, teammateId, contactId, otherIds],
  })
}

export async function removeDifferent(
  tx: Tx,
  companyId: number,
  contactId: number,
  otherIds: readonly number[],
): Promise<void> {
  await tx.query({
    name: "contacts.not_different",
    text: `delete from contact_different where company_id = $1
             and (one_id, other_id) in (select least($2::bigint, other), greatest($2::bigint, other) from unnest($3::bigint[]) other)`,
    values: [companyId, contactId, otherIds],
  })
}

/** Whatever was said of contacts that are gone. By the primary key and contact_different_other. */
export async function forgetDifferent(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "contacts.forget_different",
    text: "delete from contact_different where company_id = $1 and (one_id = any($2::bigint[]) or other_id = any($2::bigint[]))",
    values: [companyId, ids],
  })
}
