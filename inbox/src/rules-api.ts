import type { NewRule, RuleActivity, RuleChange, RuleView, TriedMessage } from "@causeway/contract/endpoints/rules"
import { at, request } from "./api.ts"

/** What is tried: a rule as it stands in the form, in the place of the one that it changes; nothing: all that are switched on. */
export interface Trial {
  rule?: NewRule
  rule_id?: string
  /** Whether the other rules are asked as well, in their order. */
  in_order?: boolean
}

/** How many of the newest messages are tried. */
export const trialCount = 50

/** What the page of rules asks of the server. */
export const rulesApi = {
  list: () => request<{ rules: RuleView[] }>("/causeway/rules"),
  activity: () => request<{ rules: RuleActivity[] }>("/causeway/rules/activity"),
  create: (body: NewRule) => request<RuleView>("/causeway/rules", { method: "POST", body }),
  change: (id: string, body: RuleChange) => request<RuleView>(at`/causeway/rules/${id}`, { method: "PATCH", body }),
  remove: (id: string) => request<void>(at`/causeway/rules/${id}`, { method: "DELETE" }),
  order: (ids: readonly string[]) =>
    request<{ rules: RuleView[] }>("/causeway/rules/order", { method: "PUT", body: { rule_ids: ids } }),
  tryOut: (trial: Trial) =>
    request<{ messages: TriedMessage[] }>("/causeway/rules/try", {
      method: "POST",
      body: { ...trial, count: trialCount },
      timeoutMs: 60_000,
    }),
}
