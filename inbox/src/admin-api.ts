import type { AppView } from "@causeway/contract/endpoints/apps"
import type { AuditEntry } from "@causeway/contract/endpoints/audit"
import type { ChannelChange, ChannelHealth, NewChannel } from "@causeway/contract/endpoints/channels"
import type { TokenView } from "@causeway/contract/endpoints/company"
import type { Authentication } from "@causeway/contract/endpoints/connecting"
import type { Health } from "@causeway/contract/endpoints/health"
import type { Invitation, NewInvitation, SessionInfo } from "@causeway/contract/endpoints/invitations"
import type { Colleague } from "@causeway/contract/endpoints/teammates"
import type { Channel } from "@causeway/contract/resources/channel"
import { at, query, request, requestLocation } from "./api.ts"

export interface SingleUseLink {
  id: string
  url: string
  expires_at: number
  /** Whether it was mailed as well; off: no mail server is set. */
  mail: "sent" | "failed" | "off"
}

export interface AuditFilter {
  noun: string | null
  teammate_id: string | null
  since: number | null
}

/** What the administration asks of the server. */
export const adminApi = {
  teammates: () => request<{ teammates: Colleague[] }>("/causeway/teammates"),
  changeTeammate: (id: string, body: { role?: string; is_developer?: boolean; is_blocked?: boolean }) =>
    request<void>(at`/causeway/teammates/${id}`, { method: "PATCH", body }),
  invitations: () => request<{ invitations: Invitation[] }>("/causeway/invitations"),
  invite: (body: NewInvitation) => request<SingleUseLink>("/causeway/invitations", { method: "POST", body }),
  endInvitation: (id: string) => request<void>(at`/causeway/invitations/${id}`, { method: "DELETE" }),
  resetPassword: (id: string) =>
    request<SingleUseLink>(at`/causeway/teammates/${id}/password_reset`, { method: "POST" }),
  readInvitation: (token: string) =>
    request<{ purpose: "join" | "reset"; company: string; email: string }>("/causeway/invitations/read", {
      method: "POST",
      body: { token },
    }),
  acceptInvitation: (body: { token: string; name?: string; password: string }) =>
    request<{ teammate_id: string }>("/causeway/invitations/accept", { method: "POST", body }),
  sessions: (id: string) => request<{ sessions: SessionInfo[] }>(at`/causeway/teammates/${id}/sessions`),
  endSessions: (id: string, session: string | null) =>
    request<void>(`${at`/causeway/teammates/${id}/sessions`}?${query({ session })}`, { method: "DELETE" }),
  inboxes: () => request<{ _results: { id: string; name: string; is_public: boolean }[] }>("/inboxes"),
  tokens: () => request<{ tokens: TokenView[] }>("/causeway/tokens"),
  createToken: (body: { name: string; scopes: string[] }) =>
    request<{ id: string; token: string }>("/causeway/tokens", { method: "POST", body }),
  revokeToken: (id: string) => request<void>(at`/causeway/tokens/${id}`, { method: "DELETE" }),
  audit: (filter: AuditFilter, before: string | null) =>
    request<{ entries: AuditEntry[]; next: string | null }>(
      `/causeway/audit?${query({ ...filter, before, limit: 50 })}`,
    ),
  auditExport: (filter: AuditFilter) => `/causeway/audit/export?${query({ ...filter })}`,
  verifyAudit: () =>
    request<{ entries: number; head: string | null; broken: { position: number } | null }>("/causeway/audit/verify"),
  apps: () => request<{ apps: AppView[] }>("/causeway/apps"),
  channels: () => request<{ _results: Channel[] }>("/channels"),
  channel: (id: string) => request<Channel>(at`/channels/${id}`),
  channelHealth: (id: string) => request<ChannelHealth>(at`/causeway/channels/${id}/health`),
  /** Answers the new channel's id. The app's server has 7 s for each thing it is asked. */
  connect: async (inboxId: string, body: NewChannel) => {
    const location = await requestLocation(at`/inboxes/${inboxId}/channels`, {
      method: "POST",
      body,
      timeoutMs: 60_000,
    })
    return location.split("/").at(-1) ?? ""
  },
  authenticate: (id: string, body: Authentication) =>
    request<{ status: "connected" | "sign_in" | "choose_address"; sign_in_url: string | null }>(
      at`/causeway/channels/${id}/authenticate`,
      { method: "POST", body, timeoutMs: 60_000 },
    ),
  addresses: (id: string, page_token: string | null) =>
    request<{ addresses: { address: string; name: string | null }[]; next_page_token: string | null }>(
      `${at`/causeway/channels/${id}/addresses`}?${query({ page_token })}`,
    ),
  changeChannel: (id: string, body: ChannelChange) => request<void>(at`/channels/${id}`, { method: "PATCH", body }),
  deleteChannel: (id: string) => request<void>(at`/channels/${id}`, { method: "DELETE", timeoutMs: 60_000 }),
  health: () => request<Health>("/causeway/health"),
  backUp: () => request<{ name: string }>("/causeway/backups", { method: "POST", timeoutMs: 30 * 60_000 }),
}
