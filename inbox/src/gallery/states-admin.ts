import type { AppView } from "@causeway/contract/endpoints/apps"
import type { RuleView } from "@causeway/contract/endpoints/rules"
import type { WebhookView } from "@causeway/contract/endpoints/webhooks"
import { type Answers, conversations, is, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"

const rule = (over: Partial<RuleView>): RuleView => ({
  id: "rul_1",
  name: "Answer at night",
  position: 1,
  is_enabled: true,
  match: "all",
  conditions: [
    {
      type: "business_hours",
      not: true,
      timezone: "Europe/Vienna",
      hours: [
        { days: ["mon", "tue", "wed", "thu"], from: "09:00", to: "17:00" },
        { days: ["fri"], from: "22:00", to: "02:00" },
      ],
    },
    { type: "text_contains", words: ["order", "delivery"] },
  ],
  actions: [
    { type: "auto_reply", body: "Hello {{recipient.first_name|there}}, we are back tomorrow.", period_hours: 12 },
    { type: "tag", tag_id: "tag_1" },
  ],
  stop_processing: false,
  created_at: f.now - 90_000,
  updated_at: f.now - 90_000,
  ...over,
})

const rules: Answers = {
  "GET /causeway/rules": is({
    rules: [
      rule({}),
      rule({
        id: "rul_2",
        name: "Tell the ledger",
        is_enabled: false,
        conditions: [{ type: "inbox", inbox_ids: ["inb_gone"] }],
        actions: [{ type: "webhook", url: "https://ledger.test/in", webhook_id: "whk_9", has_bearer: true }],
        stop_processing: true,
      }),
    ],
  }),
  "GET /causeway/rules/activity": is({
    rules: [{ rule_id: "rul_1", runs: 12, last_run_at: f.now - 300, failed_replies: 2, failed_calls: 0 }],
  }),
}

const tried = (id: string, over: object) => ({
  message_id: id,
  conversation_id: "cnv_1",
  created_at: f.now - 3_600,
  from: "Mia Kovač",
  blurb: "Is my order late?",
  rules: [],
  ...over,
})
const outcome = (over: object) => ({ rule_id: "rul_1", name: "Answer at night", actions: ["Tag with Refund"], ...over })
const answer = { to: "+43 660 123456", body: "", text: "Hello Mia, we are back tomorrow." }
const trial: Answers = {
  "POST /causeway/rules/try": is({
    messages: [
      tried("msg_1", {
        rules: [outcome({ auto_reply: { ...answer, is_sent: true, why_not: null, why_code: null } })],
      }),
      tried("msg_2", {
        rules: [outcome({ auto_reply: { ...answer, is_sent: false, why_not: "too soon", why_code: "recent" } })],
      }),
      tried("msg_3", {}),
    ],
  }),
}

const app: AppView = {
  uid: "712",
  name: "Acme SMS",
  webhook_url: "https://hooks.acme.test/",
  server_auth: { type: "none" },
  contact_type: "phone",
  composer: "basic",
  features: ["reply"],
  strict: false,
  old_secret_until: null,
  signs_with_old: false,
  created_at: f.now - 900_000,
}
const webhook = (over: Partial<WebhookView>): WebhookView => ({
  id: "whk_1",
  app_uid: "712",
  url: "https://ledger.test/events",
  event_types: [],
  payload: "full",
  state: "active",
  state_reason: null,
  state_at: f.now - 900_000,
  failures: 0,
  created_at: f.now - 900_000,
  ...over,
})
const apps: Answers = { "GET /causeway/apps": is({ apps: [app] }) }
const webhooks: Answers = {
  ...apps,
  "GET /causeway/webhooks": is({
    webhooks: [
      webhook({}),
      webhook({ id: "whk_2", url: "https://search.test/in", event_types: ["tag_added"], failures: 3 }),
      webhook({ id: "whk_3", url: "https://old.test/in", state: "paused", state_reason: "the receiver answered 410" }),
    ],
  }),
  "GET /causeway/deliveries": is({ deliveries: [], next: null }),
}
const clients: Answers = {
  "GET /causeway/oauth_clients": is({
    oauth_clients: [
      {
        client_id: "oac_1",
        name: "Ledger",
        redirect_uris: ["https://ledger.test/back"],
        scopes: ["tags:read"],
        rotates_refresh_tokens: true,
        created_at: f.now - 90_000,
        grants: [
          { id: "oag_1", teammate_id: f.bea.id, scopes: ["tags:read"], created_at: f.now - 9_000, last_used_at: null },
        ],
      },
    ],
  }),
}
const broken = refused(503, "The database is away")
const asTeammate: Answers = { "GET /causeway/session": is(f.sessionOf("teammate")) }
const primary = "main header button"

const states: GalleryState[] = [
  { name: "admin-rules", path: "/admin/rules", answers: rules, shows: "main ol" },
  {
    name: "admin-rules-empty",
    path: "/admin/rules",
    answers: { "GET /causeway/rules": is({ rules: [] }) },
    shows: "main h2",
  },
  { name: "admin-rules-loading", path: "/admin/rules", answers: { "GET /causeway/rules": "never" }, shows: "main h1" },
  {
    name: "admin-rules-unloaded",
    path: "/admin/rules",
    answers: { "GET /causeway/rules": broken },
    live: "no network",
    shows: "main [role=alert]",
  },
  { name: "admin-rules-only-seen", path: "/admin/rules", answers: { ...rules, ...asTeammate }, shows: "main ol" },
  { name: "admin-rule", path: "/admin/rules/rul_1", answers: rules, shows: "main form" },
  { name: "admin-rule-gone", path: "/admin/rules/rul_0", answers: rules, shows: "main h2" },
  {
    name: "admin-rule-gap",
    path: "/admin/rules/new",
    answers: rules,
    steps: [{ on: "main form button[type=submit]" }],
    shows: "main [role=alert]",
  },
  {
    name: "admin-rules-tried",
    path: "/admin/rules",
    answers: { ...rules, ...trial },
    steps: [{ on: primary }],
    shows: "dialog ol",
  },
  { name: "admin-webhooks", path: "/admin/webhooks", answers: webhooks, shows: "main ul" },
  {
    name: "admin-webhooks-empty",
    path: "/admin/webhooks",
    answers: { ...apps, "GET /causeway/webhooks": is({ webhooks: [] }) },
    shows: "main h2",
  },
  {
    name: "admin-webhook-new",
    path: "/admin/webhooks",
    answers: webhooks,
    steps: [{ on: primary }],
    shows: "dialog form",
  },
  { name: "admin-oauth-clients", path: "/admin/oauth-clients", answers: clients, steps: [{ on: "main summary" }] },
  { name: "admin-closed", path: "/admin/audit", answers: asTeammate, shows: "main h1" },
]

/** Rules, webhooks and OAuth clients in the administration. Its place in the feed comes with a list. */
export const adminStates: GalleryState[] = states.map((state) => ({
  ...state,
  answers: { ...conversations([]), ...state.answers },
}))
