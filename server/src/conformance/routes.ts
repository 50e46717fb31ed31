import {
  exportConformance,
  getConformance,
  inspectSignature,
  listConformance,
  startConformance,
} from "@causeway/contract/endpoints/developer"
import { parseId } from "@causeway/contract/ids"
import { signatureHeader, timestampHeader } from "@causeway/contract/signature"
import { explainSignature } from "@causeway/contract/signature-check"
import { parseWebUrl } from "../apps/server-auth.ts"
import type { App, Apps } from "../apps/store.ts"
import type { Channels } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import type { Dialer } from "../delivery/dialer.ts"
import { listDeliveryRows, viewDeliveries } from "../delivery/read.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import type { Conformance, KeptRun } from "./run.ts"

export interface ConformanceDeps {
  db: Database
  apps: Apps
  channels: Channels
  dialer: Dialer
  conformance: Conformance
}

export const conformanceRoutes = (deps: ConformanceDeps): Route[] => {
  const { apps, channels, conformance } = deps
  const companyOf = (principal: Principal): number => {
    requireDeveloper(principal)
    return memberOf(principal).companyId
  }
  const get = (principal: Principal, id: string): KeptRun => {
    const run = conformance.find(companyOf(principal), id)
    if (run === null) throw notFound("conformance run", id.slice(0, 100))
    return run
  }
  return [
    route(inspectSignature, async ({ principal, body }) => ({
      status: 200,
      body: await inspect(deps, companyOf(principal), body),
    })),
    route(startConformance, async ({ principal, body }) => {
      requireBuilder(principal)
      const { companyId } = memberOf(principal)
      const app = await apps.get(companyId, body.app_uid)
      const url = body.url === undefined ? app.webhookUrl : parseWebUrl(body.url, "body.url")
      const used = (await channels.list(companyId)).filter(({ appUid }) => appUid === app.uid).length
      if (used > 0 && body.confirm !== true)
        throw new HttpError(
          409,
          `The checks send messages, and this app has ${used} ${used === 1 ? "channel" : "channels"}: confirm, or use a throw-away app`,
        )
      const address = await deps.dialer.addressOf(url)
      if ("problem" in address) throw invalid("body.url", `is not called: ${address.problem}`)
      const { credential, recipient, only } = body
      const run = conformance.start({
        companyId,
        appUid: app.uid,
        url,
        address: address.address,
        secret: app.signingSecret,
        credential,
        recipient,
        only,
      })
      if (run === null) throw new HttpError(429, "Two runs are under way: wait for one to end")
      return { status: 201, body: view(run) }
    }),
    route(listConformance, async ({ principal, query }) => {
      const runs = conformance
        .list(companyOf(principal))
        .filter(({ app_uid }) => query.app_uid === undefined || app_uid === query.app_uid)
      return { status: 200, body: { conformance_runs: runs.map((run) => ({ ...view(run), results: [] })) } }
    }),
    route(getConformance, async ({ principal, params, query }) => {
      const run = get(principal, params.conformance_run_id)
      if (query.after !== undefined && run.state === "running" && run.results.length <= query.after)
        await conformance.next((query.wait_seconds ?? 0) * 1000)
      return { status: 200, body: view(run) }
    }),
    route(exportConformance, async ({ principal, params, query }) => {
      const run = get(principal, params.conformance_run_id)
      if (run.state !== "done") throw new HttpError(409, "The run is not done: there is no report yet")
      const format = query.format ?? "html"
      const text = format === "json" ? JSON.stringify(view(run), null, 2) : format === "html" ? run.html : run.junit
      return { status: 200, text: text ?? "", headers: fileHeaders[format] }
    }),
  ]
}

/** Always a file, never a page of ours: it quotes what a stranger's server said. */
const fileHeaders: Record<string, Record<string, string>> = {
  html: {
    "content-type": "text/html; charset=utf-8",
    "content-disposition": 'attachment; filename="conformance.html"',
  },
  junit: {
    "content-type": "application/xml; charset=utf-8",
    "content-disposition": 'attachment; filename="conformance.xml"',
  },
  json: {
    "content-type": "application/json; charset=utf-8",
    "content-disposition": 'attachment; filename="conformance.json"',
  },
}

const view = ({ companyId: _companyId, html: _html, junit: _junit, ...run }: KeptRun) => run

interface Question {
  delivery_id?: string
  app_uid?: string
  timestamp?: string
  body?: string
  computed?: string
}

const baseCharsMax = 300

async function inspect({ db, apps, channels }: ConformanceDeps, companyId: number, question: Question) {
  const attempt =
    question.delivery_id === undefined ? null : await attemptOf(db, channels, companyId, question.delivery_id)
  const uid = question.app_uid ?? attempt?.appUid
  if (uid === undefined) throw invalid("body.app_uid", "is needed where no delivery is named")
  const app = await apps.get(companyId, uid)
  const timestamp = question.timestamp ?? attempt?.timestamp
  const body = question.body ?? attempt?.body
  const given = question.computed ?? attempt?.signature
  if (timestamp === undefined) throw invalid("body.timestamp", "is needed where no delivery is named")
  if (body === undefined) throw invalid("body.body", "is needed where no delivery is named")
  if (given === undefined) throw invalid("body.computed", "is needed where no delivery is named")
  // What was kept was once signed in time; what somebody brings is judged by now.
  const nowMs = attempt === null ? Date.now() : undefined
  const finding = explainSignature({
    ...secretsOf(app, attempt),
    timestamp,
    body,
    given,
    ...(nowMs !== undefined && { nowMs }),
  })
  return {
    expected: finding.expected,
    is_equal: finding.isEqual,
    mistake: finding.mistake,
    skew_ms: finding.skewMs,
    bytes: finding.bytes,
    timestamp,
    base: `${timestamp}:${body}`.slice(0, baseCharsMax),
  }
}

/** The secret that signs; of a delivery, the one that did. */
function secretsOf(app: App, attempt: { timestamp: string; body: string; signature: string } | null) {
  const { current, old } = app.secrets
  const both = old === null ? [current] : [current, old]
  const signedBy =
    attempt === null
      ? app.signingSecret
      : (both.find((secret) => explainSignature({ secret, ...attempt, given: attempt.signature }).isEqual) ??
        app.signingSecret)
  const others = both
    .filter((secret) => secret !== signedBy)
    .map((secret) => ({ secret, is: secret === old ? ("old_secret" as const) : ("new_secret" as const) }))
  return { secret: signedBy, others }
}

async function attemptOf(db: Database, channels: Channels, companyId: number, text: string) {
  const id = parseId("dlv", text)
  const [row] = id === null ? [] : await listDeliveryRows(db, { companyId, id, max: 1 })
  if (row === undefined) throw notFound("delivery", text)
  const [delivery] = await viewDeliveries(db, companyId, [row])
  const request = delivery?.attempts.at(-1)?.request
  const headers = (request?.headers ?? {}) as Record<string, string>
  const channel = row.channel_id === null ? null : await channels.find(companyId, row.channel_id, { deleted: true })
  const [timestamp, signature] = [headers[timestampHeader], headers[signatureHeader]]
  if (request?.body == null || timestamp === undefined || signature === undefined)
    throw new HttpError(409, "Nothing of this delivery was signed with a timestamp, or it is no longer kept")
  return { timestamp, signature, body: request.body, appUid: channel?.appUid ?? undefined }
}
