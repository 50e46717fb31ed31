import { Readable } from "node:stream"
import {
  browseContacts,
  exportContacts,
  listSimilarContacts,
  markDifferent,
  previewMerge as previewEndpoint,
  unmarkDifferent,
} from "@causeway/contract/endpoints/contact-book"
import { formatId } from "@causeway/contract/ids"
import { recordAudit } from "../audit/store.ts"
import { listCustomFields } from "../custom-fields/store.ts"
import { readLimit } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import type { Services } from "../services.ts"
import { memberOf, refuseObserver, requireAdmin, sessionOf } from "../teammates/roles.ts"
import { viewerOf } from "../teams/owner.ts"
import { readBook, readPlace } from "./book.ts"
import { changeContacts } from "./change.ts"
import { addDifferent, removeDifferent } from "./different.ts"
import { csvOf, jsonOf } from "./export.ts"
import { previewMerge } from "./merge-preview.ts"
import { readSelection } from "./selection.ts"
import { listSimilar } from "./similar.ts"
import { getContactId, resolveContacts } from "./store.ts"

export const contactBookRoutes = (deps: Services): Route[] => [...readRoutes(deps), ...differentRoutes(deps)]

const readRoutes = ({ db }: Services): Route[] => [
  route(browseContacts, async ({ query, principal }) => {
    const { companyId } = sessionOf(principal)
    const sort = query.sort ?? "name"
    const page = { sort, limit: readLimit(query.limit), after: readPlace(sort, query.page_token) }
    const selection = await readSelection(db, companyId, viewerOf(principal), query)
    return { status: 200, body: await readBook(db, selection, opensFor(principal), page) }
  }),

  route(listSimilarContacts, async ({ principal }) => ({
    status: 200,
    body: { pairs: await listSimilar(db, sessionOf(principal).companyId) },
  })),

  route(previewEndpoint, async ({ body, principal }) => {
    refuseObserver(principal)
    return { status: 200, body: await previewMerge(db, sessionOf(principal).companyId, viewerOf(principal), body) }
  }),

  route(exportContacts, async ({ query, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    const format = query.format ?? "csv"
    const selection = await readSelection(db, companyId, viewerOf(principal), query)
    const fields = (await listCustomFields(db, companyId, "contact")).map(({ name }) => name)
    const { listId } = selection
    const after = { format, ...(listId !== null && { list: formatId("grp", listId) }), has_words: selection.q !== "" }
    await db.tx((tx) => recordAudit(tx, { companyId, noun: "contact", verb: "exported", target: "several", after }))
    return {
      status: 200,
      stream: Readable.from(format === "csv" ? csvOf(db, selection, fields) : jsonOf(db, selection)),
      headers: {
        "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8",
        "content-disposition": `attachment; filename="contacts.${format}"`,
      },
    }
  }),
]

const differentRoutes = (deps: Services): Route[] => [
  route(markDifferent, async ({ params, body, principal }) => {
    refuseObserver(principal)
    const { companyId, teammateId } = sessionOf(principal)
    await changeContacts(deps, companyId, "shared", async (tx) => {
      const id = await getContactId(tx, companyId, teammateId, params.contact_id)
      const others = await resolveContacts(tx, companyId, teammateId, body.contact_ids, "body.contact_ids")
      await addDifferent(tx, companyId, teammateId, id, others)
      return { answer: undefined, changedId: id }
    })
    return { status: 204 }
  }),

  route(unmarkDifferent, async ({ params, body, principal }) => {
    refuseObserver(principal)
    const { companyId, teammateId } = sessionOf(principal)
    await changeContacts(deps, companyId, "shared", async (tx) => {
      const id = await getContactId(tx, companyId, teammateId, params.contact_id)
      const others = await resolveContacts(tx, companyId, teammateId, body.contact_ids, "body.contact_ids")
      await removeDifferent(tx, companyId, id, others)
      return { answer: undefined, changedId: id }
    })
    return { status: 204 }
  }),
]
