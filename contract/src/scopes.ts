/** What an API token may hold. Source: `x-required-scopes` in the vendor's Core API and Channel API documents; apps, deliveries and tokens are ours. */
const verbs: Record<string, readonly string[]> = {
  apps: ["read", "write", "delete"],
  attachments: ["read"],
  channels: ["read", "write", "delete"],
  comments: ["read", "write"],
  contacts: ["read", "write", "delete"],
  conversations: ["read", "write", "delete"],
  custom_fields: ["read", "write"],
  deliveries: ["read", "write"],
  drafts: ["read", "write", "delete"],
  "events:*": ["read"],
  inboxes: ["read", "write", "delete"],
  links: ["read", "write"],
  message_templates: ["read", "write", "delete"],
  messages: ["read", "write", "send", "delete"],
  rules: ["read", "write", "delete"],
  settings: ["read", "write"],
  shifts: ["read", "write"],
  signatures: ["read", "write", "delete"],
  statuses: ["read"],
  tags: ["read", "write", "delete"],
  teammates: ["read", "write"],
  teams: ["read", "write"],
  tokens: ["read", "write"],
  views: ["read", "write"],
  webhooks: ["read", "write"],
}

/** Every scope, as `<resource>:<verb>`. */
export const allScopes: readonly string[] = Object.entries(verbs).flatMap(([resource, list]) =>
  list.map((verb) => `${resource}:${verb}`),
)
