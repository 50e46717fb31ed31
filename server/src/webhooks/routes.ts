import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listCompanyWebhooks,
  listWebhooks,
  pauseWebhook,
  resumeWebhook,
  testWebhook,
  updateWebhook,
  type WebhookView,
} from "@causeway/contract/endpoints/webhooks"
import type { OwnEventType } from "@causeway/contract/event-types"
import { formatId } from "@causeway/contract/ids"
import { pausedByHand } from "@causeway/contract/webhook-events"
import { parseWebUrl } from "../apps/server-auth.ts"
import type { Apps } from "../apps/store.ts"
import type { ScheduleClock } from "../clock.ts"
import type { Tx } from "../database/database.ts"
import type { Dialer } from "../delivery/dialer.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { appendEvents } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import { challenge } from "./challenge.ts"
import {
  getSubscription,
  insertSubscription,
  listCompanySubscriptions,
  listSubscriptions,
  pauseSubscription,
  removeWebhooks,
  resumeSubscription,
  updateSubscription,
  type Webhook,
} from "./store.ts"

export interface WebhookRouteDeps extends Pick<Services, "db" | "ids" | "log" | "committed"> {
  apps: Apps
  clock: ScheduleClock
  dialer: Dialer
}

export const webhookRoutes = (deps: WebhookRouteDeps): Route[] => [
  ...subscriptionRoutes(deps),
  ...changeRoutes(deps),
  ...stateRoutes(deps),
]

/** Making and reading subscriptions. */
const subscriptionRoutes = (deps: WebhookRouteDeps): Route[] => {
  const { db, ids, apps } = deps
  return [
    route(createWebhook, async ({ params, body, principal }) => {
      const companyId = builderOf(principal)
      const app = await apps.get(companyId, params.uid)
      const url = parseWebUrl(body.url, "body.url")
      await ids.reserve(4)
      const id = ids.take()
      await challenge(deps, { companyId, webhookId: id, url, secret: app.signingSecret })
      const { event_types: eventTypes = [], payload = "full" } = body
      await db.tx(async (tx) => {
        await insertSubscription(tx, { companyId, id, appUid: app.uid, url, eventTypes, payload })
        await announce(tx, deps, companyId, "webhook_created", id)
      })
      return { status: 201, body: await shown(deps, companyId, formatId("whk", id)) }
    }),

    route(listWebhooks, async ({ params, principal }) => {
      const companyId = developerOf(principal)
      const app = await apps.get(companyId, params.uid)
      return { status: 200, body: { webhooks: (await listSubscriptions(db, companyId, app.uid)).map(view) } }
    }),

    route(listCompanyWebhooks, async ({ query, principal }) => {
      const webhooks = await listCompanySubscriptions(db, developerOf(principal), query.state ?? null)
      return { status: 200, body: { webhooks: webhooks.map(view) } }
    }),

    route(getWebhook, async ({ params, principal }) => ({
      status: 200,
      body: view(await getSubscription(db, developerOf(principal), params.webhook_id)),
    })),
  ]
}

const changeRoutes = (deps: WebhookRouteDeps): Route[] => {
  const { db, ids, apps } = deps
  return [
    route(updateWebhook, async ({ params, body, principal }) => {
      const companyId = builderOf(principal)
      const webhook = await getSubscription(db, companyId, params.webhook_id)
      const url = body.url === undefined ? webhook.url : parseWebUrl(body.url, "body.url")
      if (url !== webhook.url) {
        const { signingSecret: secret } = await apps.get(companyId, String(webhook.appUid))
        await challenge(deps, { companyId, webhookId: webhook.id, url, secret })
      }
      await ids.reserve(1)
      await db.tx(async (tx) => {
        const { event_types: eventTypes = webhook.eventTypes, payload = webhook.payload } = body
        await updateSubscription(tx, webhook, { url, eventTypes, payload })
        await announce(tx, deps, companyId, "webhook_changed", webhook.id)
      })
      return { status: 200, body: await shown(deps, companyId, params.webhook_id) }
    }),

    route(deleteWebhook, async ({ params, principal }) => {
      const companyId = builderOf(principal)
      const webhook = await getSubscription(db, companyId, params.webhook_id)
      await ids.reserve(1)
      await db.tx(async (tx) => {
        await removeWebhooks(tx, companyId, [webhook.id])
        await announce(tx, deps, companyId, "webhook_deleted", webhook.id)
      })
      deps.committed([companyId])
      return { status: 204 }
    }),
  ]
}

const stateRoutes = (deps: WebhookRouteDeps): Route[] => {
  const { db, ids, apps } = deps
  return [
    route(testWebhook, async ({ params, principal }) => {
      const companyId = builderOf(principal)
      const { id, url, appUid } = await getSubscription(db, companyId, params.webhook_id)
      const { signingSecret: secret } = await apps.get(companyId, String(appUid))
      await ids.reserve(2)
      const began = performance.now()
      await challenge(deps, { companyId, webhookId: id, url, secret })
      return { status: 200, body: { took_ms: Math.round(performance.now() - began) } }
    }),

    route(pauseWebhook, async ({ params, principal }) => {
      const companyId = builderOf(principal)
      const webhook = await getSubscription(db, companyId, params.webhook_id)
      await ids.reserve(1)
      await db.tx(async (tx) => {
        await pauseSubscription(tx, webhook, pausedByHand)
        await announce(tx, deps, companyId, "webhook_paused", webhook.id)
      })
      return { status: 200, body: await shown(deps, companyId, params.webhook_id) }
    }),

    route(resumeWebhook, async ({ params, body, principal }) => {
      const companyId = builderOf(principal)
      const webhook = await getSubscription(db, companyId, params.webhook_id)
      if (webhook.state !== "paused") throw new HttpError(409, "This webhook is not paused")
      await ids.reserve(1)
      await db.tx(async (tx) => {
        await resumeSubscription(tx, webhook, body.from === "now", deps.clock.now())
        await announce(tx, deps, companyId, "webhook_resumed", webhook.id)
      })
      return { status: 200, body: await shown(deps, companyId, params.webhook_id) }
    }),
  ]
}

/** Tells the company's browsers, last in the transaction. */
const announce = (tx: Tx, { ids }: WebhookRouteDeps, companyId: number, type: OwnEventType, webhookId: number) =>
  appendEvents(tx, companyId, [{ id: ids.take(), type, target: { type: "webhook", webhook_id: webhookId } }])

/** After a commit. */
async function shown(deps: WebhookRouteDeps, companyId: number, id: string): Promise<WebhookView> {
  deps.committed([companyId])
  return view(await getSubscription(deps.db, companyId, id))
}

function builderOf(principal: Principal): number {
  requireBuilder(principal)
  return memberOf(principal).companyId
}

function developerOf(principal: Principal): number {
  requireDeveloper(principal)
  return memberOf(principal).companyId
}

const view = (webhook: Webhook): WebhookView => ({
  id: formatId("whk", webhook.id),
  app_uid: String(webhook.appUid),
  url: webhook.url,
  event_types: webhook.eventTypes,
  payload: webhook.payload,
  state: webhook.state,
  state_reason: webhook.stateReason,
  state_at: webhook.stateAt.getTime() / 1000,
  failures: webhook.failures,
  created_at: webhook.createdAt.getTime() / 1000,
})
