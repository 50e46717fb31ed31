import type { AppView } from "@causeway/contract/endpoints/apps"
import type { DeliveryView } from "@causeway/contract/endpoints/deliveries"
import type { NewOauthClient, OauthClientChange, OauthClientView } from "@causeway/contract/endpoints/oauth"
import type { NewWebhook, WebhookChange, WebhookView } from "@causeway/contract/endpoints/webhooks"
import { at, query, request } from "./api.ts"

/** A receiver may take 10 s for the challenge. */
const challengeTimeoutMs = 30_000

export interface ClientSecret {
  client_id: string
  client_secret: string
}

/** What the pages of application webhooks and OAuth clients ask of the server. */
export const integrationsApi = {
  clients: () => request<{ oauth_clients: OauthClientView[] }>("/causeway/oauth_clients"),
  createClient: (body: NewOauthClient) => request<ClientSecret>("/causeway/oauth_clients", { method: "POST", body }),
  changeClient: (id: string, body: OauthClientChange) =>
    request<OauthClientView>(at`/causeway/oauth_clients/${id}`, { method: "PATCH", body }),
  rotateClient: (id: string) => request<ClientSecret>(at`/causeway/oauth_clients/${id}/rotate`, { method: "POST" }),
  revokeGrants: (id: string) => request<void>(at`/causeway/oauth_clients/${id}/grants`, { method: "DELETE" }),
  deleteClient: (id: string) => request<void>(at`/causeway/oauth_clients/${id}`, { method: "DELETE" }),

  /** The apps, each with its webhooks. */
  async appsWithWebhooks() {
    const [{ apps }, { webhooks }] = await Promise.all([
      request<{ apps: AppView[] }>("/causeway/apps"),
      request<{ webhooks: WebhookView[] }>("/causeway/webhooks"),
    ])
    return apps.map((app) => ({ app, webhooks: webhooks.filter(({ app_uid }) => app_uid === app.uid) }))
  },
  createWebhook: (appUid: string, body: NewWebhook) =>
    request<WebhookView>(at`/causeway/apps/${appUid}/webhooks`, {
      method: "POST",
      body,
      timeoutMs: challengeTimeoutMs,
    }),
  changeWebhook: (id: string, body: WebhookChange) =>
    request<WebhookView>(at`/causeway/webhooks/${id}`, { method: "PATCH", body, timeoutMs: challengeTimeoutMs }),
  testWebhook: (id: string) =>
    request<{ took_ms: number }>(at`/causeway/webhooks/${id}/test`, { method: "POST", timeoutMs: challengeTimeoutMs }),
  pauseWebhook: (id: string) => request<WebhookView>(at`/causeway/webhooks/${id}/pause`, { method: "POST" }),
  resumeWebhook: (id: string, from: "failed" | "now") =>
    request<WebhookView>(at`/causeway/webhooks/${id}/resume`, { method: "POST", body: { from } }),
  deleteWebhook: (id: string) => request<void>(at`/causeway/webhooks/${id}`, { method: "DELETE" }),
  /** What could not be told, newest first. */
  failuresOf: (id: string) =>
    request<{ deliveries: DeliveryView[] }>(
      `/causeway/deliveries?${query({ webhook_id: id, status: "failed", limit: 5 })}`,
    ),
  rotateAppSecret: (uid: string, overlapHours: number, signsWithOld: boolean) =>
    request<{ secret: string; old_secret_until: number }>(
      `${at`/causeway/apps/${uid}/rotate`}?${query({ overlap_hours: overlapHours, sign_with_old: String(signsWithOld) })}`,
      { method: "POST" },
    ),
}
