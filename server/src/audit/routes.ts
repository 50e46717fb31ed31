import { Readable } from "node:stream"
import { exportAudit, listAudit, verifyAudit } from "@causeway/contract/endpoints/audit"
import { formatId, parseId } from "@causeway/contract/ids"
import { pageDefault } from "@causeway/contract/limits"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Log } from "../log.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { verifyChain } from "./chain.ts"
import { type AuditFilter, entriesAfter, insideId, listEntries } from "./store.ts"

interface FilterQuery {
  noun?: string
  target?: string
  teammate_id?: string
  since?: number
  until?: number
}

const exportPage = 500

export const auditRoutes = (deps: { db: Database; log: Log }): Route[] => {
  const { db } = deps
  async function filterOf(principal: Principal, query: FilterQuery): Promise<AuditFilter> {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    const teammate = query.teammate_id && (await resolveTeammate(db, companyId, query.teammate_id))
    if (teammate === null) throw notFound("teammate", query.teammate_id ?? "")
    return {
      companyId,
      ...(query.noun !== undefined && { noun: query.noun }),
      ...(query.target !== undefined && { target: insideId(query.noun, query.target) }),
      ...(teammate && { teammateId: teammate.id }),
      ...(query.since !== undefined && { since: timeOf("since", query.since) }),
      ...(query.until !== undefined && { until: timeOf("until", query.until) }),
    }
  }

  return [
    route(listAudit, async ({ query, principal }) => {
      const filter = await filterOf(principal, query)
      const max = query.limit ?? pageDefault
      const before = query.before === undefined ? null : parseId("adt", query.before)
      if (query.before !== undefined && before === null) throw notFound("entry", query.before)
      const found = await listEntries(db, filter, { before, max: max + 1 })
      const entries = found.slice(0, max)
      return { status: 200, body: { entries, next: found.length > max ? (entries.at(-1)?.id ?? null) : null } }
    }),

    route(exportAudit, async ({ query, principal }) => {
      const filter = await filterOf(principal, query)
      return {
        status: 200,
        stream: Readable.from(linesOf(db, filter)),
        headers: {
          "content-type": "application/x-ndjson; charset=utf-8",
          "content-disposition": 'attachment; filename="audit.ndjson"',
        },
      }
    }),

    route(verifyAudit, async ({ principal }) => {
      requireAdmin(principal)
      const { entries, head, broken } = await verifyChain(deps, memberOf(principal).companyId)
      const id = broken?.id ?? null
      return {
        status: 200,
        body: {
          entries,
          head,
          broken: broken && { position: broken.position, id: id === null ? null : formatId("adt", id) },
        },
      }
    }),
  ]
}

async function* linesOf(db: Database, filter: AuditFilter): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const entries = await entriesAfter(db, filter, after, exportPage)
    yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")
    const last = entries.at(-1)
    if (last === undefined || entries.length < exportPage) return
    after = parseId("adt", last.id) as number
  }
}

function timeOf(field: string, seconds: number): Date {
  const time = new Date(seconds * 1000)
  if (Number.isNaN(time.getTime()))
    throw new HttpError(400, `query.${field} must be seconds since 1970 (was ${seconds})`)
  return time
}
