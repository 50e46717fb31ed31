import { Readable } from "node:stream"
import {
  eraseContact as eraseEndpoint,
  exportContact,
  listErasures,
  readHeld,
} from "@causeway/contract/endpoints/erasures"
import { formatId } from "@causeway/contract/ids"
import { recordAudit } from "../audit/store.ts"
import { getContactId } from "../contacts/store.ts"
import type { Principal } from "../http/callers.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { type EraseDeps, eraseContact } from "./erase.ts"
import { exportOf } from "./export.ts"
import { countHeld, readSubject, type Subject } from "./held.ts"
import { receiptKey } from "./receipt.ts"

interface Row {
  id: number
  contact_id: number
  erased_at: Date
  receipt: string
  signature: Buffer
}

export const erasureRoutes = (deps: EraseDeps): Route[] => {
  const { db, seal } = deps

  /** Of whoever an admin names. Whatever is held of a person is shown whole, teammates' own contacts included. */
  async function subjectOf(principal: Principal, reference: string): Promise<Subject> {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    return readSubject(db, companyId, await getContactId(db, companyId, null, reference))
  }

  return [
    route(readHeld, async ({ params, principal }) => ({
      status: 200,
      body: await countHeld(db, await subjectOf(principal, params.contact_id)),
    })),

    route(exportContact, async ({ params, principal, origin }) => {
      const subject = await subjectOf(principal, params.contact_id)
      const { companyId, contactId } = subject
      await db.tx((tx) => recordAudit(tx, { companyId, noun: "contact", verb: "exported", target: String(contactId) }))
      return {
        status: 200,
        stream: Readable.from(exportOf(db, subject, origin)),
        headers: {
          "content-type": "application/json; charset=utf-8",
          "content-disposition": `attachment; filename="${formatId("crd", contactId)}.json"`,
        },
      }
    }),

    route(eraseEndpoint, async ({ params, body, principal }) => {
      requireAdmin(principal)
      const { id, contactId, erasedAt, filesLater, ...rest } = await eraseContact(
        deps,
        memberOf(principal),
        params.contact_id,
        body.confirm,
      )
      return {
        status: 201,
        body: { ...view({ id, contact_id: contactId, erased_at: erasedAt, ...rest }), files_later: filesLater },
      }
    }),

    route(listErasures, async ({ principal }) => {
      requireAdmin(principal)
      const rows = await db.query<Row>({
        text: "select id, contact_id, erased_at, receipt, signature from erasure where company_id = $1 order by id desc limit 1000",
        values: [memberOf(principal).companyId],
      })
      return { status: 200, body: { erasures: rows.map(view), public_key: receiptKey(seal) } }
    }),
  ]
}

const view = (row: Row) => ({
  id: formatId("era", row.id),
  contact_id: formatId("crd", row.contact_id),
  erased_at: row.erased_at.getTime() / 1000,
  receipt: row.receipt,
  signature: row.signature.toString("base64"),
})
