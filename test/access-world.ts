import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Endpoint } from "@causeway/contract/endpoint"
import { allScopes } from "@causeway/contract/scopes"
import { inbound, type Reply, type Story, unique } from "./story.ts"

/** One company with something of every kind, and everybody who may call for it. */
export interface World {
  companyId: string
  /** Holds every scope. */
  token: string
  /** Headers of its admin's browser. */
  admin: Record<string, string>
  app: { uid: string; secret: string }
  channelId: string
  /** What a path parameter or a field of a body may name, by the parameter's name: an id of this company. */
  ids: Map<string, string>
}

export const adminPassword = "correct horse battery"

/** What an id that no company has looks like, by the prefix or form of a real one. */
export function missingLike(id: string): string {
  const prefix = /^([a-z]{3})_[0-9a-z]+$/.exec(id)?.[1]
  if (prefix !== undefined) return `${prefix}_zzzzzzzz`
  return /^\d+$/.test(id) ? "999999999999999" : `missing-${unique("id")}`
}

/** The company of `story` itself, made rich. */
export async function ownWorld(story: Story): Promise<World> {
  return furnish(story, { companyId: story.companyId, token: story.apiToken, email: "ana@example.test" })
}

/** Another company on the same server. */
export async function otherWorld(story: Story): Promise<World> {
  const installation = (await readFile(join(story.server.dataDir, "installation-token"), "utf8")).trim()
  const email = `${unique("bea")}@other.test`
  const made = await story.call("POST", "/causeway/companies", {
    token: installation,
    json: { name: "Bea Moss", email, password: adminPassword, company: "Other" },
  })
  need(made, 201)
  return furnish(story, { companyId: made.body.company_id, token: made.body.api_token, email })
}

async function furnish(story: Story, company: { companyId: string; token: string; email: string }): Promise<World> {
  const { token } = company
  const call = (method: string, path: string, json?: unknown) => story.call(method, path, { token, json })
  const inboxId = need(await call("GET", "/inboxes")).body._results[0].id
  const app = need(
    await call("POST", "/causeway/apps", {
      name: "Matrix",
      webhook_url: `${story.partner.url}/matrix`,
      features: ["reply", "templates", "calls"],
    }),
  ).body
  const connected = await call("POST", `/inboxes/${inboxId}/channels`, {
    type: "custom",
    name: "Matrix",
    application_uid: app.uid,
  })
  const channelId = String(need(connected).headers.get("location")).split("/").at(-1) as string
  const message = await messageWithFile(story, token, channelId)
  const external = await externalIds(story, token, channelId)
  const signedIn = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: company.email, password: adminPassword },
  })
  const cookie = String(need(signedIn).headers.get("set-cookie")).split(";")[0] as string
  const deliveries = need(await call("GET", "/causeway/deliveries")).body.deliveries
  const made = await call("POST", "/causeway/tokens", { name: "matrix", scopes: ["tags:read"] })
  const client = await call("POST", "/causeway/oauth_clients", {
    name: "Matrix",
    redirect_uris: ["https://crm.example/"],
    scopes: ["tags:read"],
  })
  const rule = await call("POST", "/causeway/rules", {
    name: "Matrix",
    is_enabled: false,
    actions: [{ type: "archive" }],
  })
  const webhook = await call("POST", `/causeway/apps/${app.uid}/webhooks`, { url: `${story.partner.url}/events` })
  const link = await call("POST", "/links", { external_url: "https://crm.example/orders/7" })
  const teammateId = need(await call("GET", "/teammates")).body._results[0].id
  const shift = await call("POST", "/shifts", {
    name: "Matrix",
    color: "red",
    timezone: "UTC",
    times: {},
    teammate_ids: [teammateId],
  })
  const invitation = await call("POST", "/causeway/invitations", { email: `${unique("cy")}@example.test` })
  const simulated = await call("POST", "/causeway/simulator/channels", { name: "Matrix" })
  // An app of its own: what is listened to is not called.
  const listened = need(
    await call("POST", "/causeway/apps", { name: "Listened", webhook_url: `${story.partner.url}/listened` }),
  ).body
  const listener = await call("POST", `/causeway/apps/${listened.uid}/listener`, {})
  const checked = await call("POST", "/causeway/conformance_runs", {
    app_uid: app.uid,
    only: ["AUTH-01"],
    confirm: true,
  })
  const checkedPath = `/causeway/conformance_runs/${need(checked).body.id}`
  while (need(await call("GET", `${checkedPath}?after=100&wait_seconds=10`)).body.state === "running");
  const template = await templateWithFile(story, token)
  const conversationId = String(message._links.related.conversation).split("/").at(-1) as string
  const comment = await commentWithFile(story, token, conversationId)
  return {
    companyId: company.companyId,
    token,
    admin: { cookie, "sec-fetch-site": "same-origin" },
    app: { uid: app.uid, secret: app.secret },
    channelId,
    ids: new Map([
      ["inbox_id", inboxId],
      ["uid", app.uid],
      ["application_uid", app.uid],
      ["channel_id", channelId],
      ["message_id", message.id],
      ["attachment_id", message.attachments[0].id],
      ["conversation_id", conversationId],
      ["teammate_id", teammateId],
      ["contact_id", await picturedContact(story, token)],
      ["delivery_id", deliveries[0].id],
      ["token_id", need(made).body.id],
      ["client_id", need(client).body.client_id],
      ["company_id", company.companyId],
      ["rule_id", need(rule).body.id],
      ["webhook_id", need(webhook).body.id],
      ["listener_id", need(listener).body.listener_id],
      ["link_id", need(link).body.id],
      ["shift_id", need(shift).body.id],
      ["invitation_id", need(invitation).body.id],
      ["passkey_id", await passkeyOf(story, company.email)],
      ["api_call_id", need(await call("GET", "/causeway/log?direction=in")).body.entries[0].id],
      ["conformance_run_id", need(checked).body.id],
      ["simulated_channel_id", need(simulated).body.id],
      ["message_template_id", template.id],
      ["template_attachment_id", template.attachments[0].id],
      ["comment_id", comment.id],
      ["comment_attachment_id", comment.attachments[0].id],
      ...external,
    ]),
  }
}

/** An authenticator is no part of these stories: its passkey is written as if it had been there. */
async function passkeyOf(story: Story, email: string): Promise<string> {
  const id = unique("passkey")
  await story.server.services.db.query({
    text: `insert into identity_passkey (id, identity_id, public_key, counter, transports, name)
           select $1, id, '', 0, '{}', 'Matrix' from identity_user where email = $2`,
    values: [id, email],
  })
  return id
}

/** A contact with a picture. */
async function picturedContact(story: Story, token: string): Promise<string> {
  const form = new FormData()
  form.set("handles[0][source]", "custom")
  form.set("handles[0][handle]", unique("mia"))
  form.set("avatar", new File(["A"], "a.png", { type: "image/png" }))
  return need(await story.call("POST", "/contacts", { token, form })).body.id
}

async function messageWithFile(story: Story, token: string, channelId: string) {
  const { metadata } = inbound("Where is it?") as { metadata: Record<string, string> }
  const form = new FormData()
  form.set("sender[handle]", unique("mia"))
  form.set("body", "Where is it?")
  for (const [name, value] of Object.entries(metadata)) form.set(`metadata[${name}]`, value)
  form.set("attachments", new File(["A"], "a.txt", { type: "text/plain" }))
  const accepted = await story.call("POST", `/channels/${channelId}/inbound_messages`, { token, form })
  return need(await story.call("GET", `/messages/alt:uid:${need(accepted).body.message_uid}`, { token })).body
}

/** What partners name by ids of their own, by the parameter's name: one of each, kept. */
async function externalIds(story: Story, token: string, channelId: string): Promise<[name: string, id: string][]> {
  const tell = async (method: string, path: string, json: object) =>
    need(await story.call(method, `/channels/${channelId}/${path}`, { token, json }))
  const [callId, templateId] = [unique("call"), unique("template")]
  await tell("POST", "calls", {
    external_call_id: callId,
    initial_status: "ringing",
    direction: "inbound",
    from: { handle: unique("mia") },
    parent_external_call_id: "",
  })
  await tell("PUT", "application_message_templates", {
    external_id: templateId,
    name: "Shipped",
    blurb: "It ships",
    is_disabled: false,
    status_name: "APPROVED",
    variable_mappings: [],
    template_preview: "It ships today",
  })
  const { metadata } = inbound("It ships today.") as { metadata: Record<string, string> }
  await tell("POST", "outbound_messages", { to: [{ handle: unique("mia") }], body: "It ships today.", metadata })
  return [
    ["external_call_id", callId],
    ["external_id", templateId],
    ["conv_ext_id", metadata.external_conversation_id as string],
    ["message_ext_id", metadata.external_id as string],
  ]
}

async function templateWithFile(story: Story, token: string) {
  const form = new FormData()
  form.set("name", "Matrix")
  form.set("body", "Hello")
  form.set("attachments", new File(["A"], "a.txt", { type: "text/plain" }))
  return need(await story.call("POST", "/message_templates", { token, form })).body
}

async function commentWithFile(story: Story, token: string, conversationId: string) {
  const form = new FormData()
  form.set("body", "Look at this")
  form.set("attachments", new File(["A"], "a.txt", { type: "text/plain" }))
  return need(await story.call("POST", `/conversations/${conversationId}/comments`, { token, form })).body
}

/** Other names under which a kind is asked for, in paths and bodies. */
const synonyms: Record<string, string> = {
  assignee_id: "teammate_id",
  author_id: "teammate_id",
  attachment_link_id: "attachment_id",
  target_contact_id: "contact_id",
  parent_folder_id: "message_template_folder_id",
  parent_tag_id: "tag_id",
}

/** "tag_ids" and "tag_id" are both tags; null for names that are no id. */
export function kindOf(name: string): string | null {
  const single = name.replace(/_ids$/, "_id")
  return single in synonyms || /(_id|^uid|_uid)$/.test(single) ? (synonyms[single] ?? single) : null
}

/**
 * An id of `kind` in a company: one that is known, else one made over the API: `tag_id` by the operation POST …/tags with the least body that its schema
 * takes, or taken from the list GET /tags. Null when neither gives one.
 */
export async function idOf(
  story: Story,
  endpoints: readonly Endpoint[],
  world: World,
  kind: string,
): Promise<string | null> {
  const known = world.ids.get(kind)
  if (known !== undefined) return known
  const plural = `${kind.replace(/_id$/, "")}s`
  const fill = (path: string): string | null => {
    const filled = path.replace(/:(\w+)/g, (_, name: string) => world.ids.get(kindOf(name) ?? name) ?? "?")
    return filled.includes("?") ? null : filled
  }
  for (const method of ["POST", "GET"] as const) {
    for (const endpoint of endpoints) {
      if (endpoint.method !== method || endpoint.path.split("/").at(-1) !== plural) continue
      const path = fill(endpoint.path)
      if (path === null || !endpoint.callers.includes("token")) continue
      const json = endpoint.body && leastOf(endpoint.body)
      const answer = await story.call(method, path, { token: world.token, ...(json !== undefined && { json }) })
      const found =
        answer.body?.id ?? answer.body?._results?.[0]?.id ?? answer.headers.get("location")?.split("/").at(-1)
      if (answer.status < 300 && typeof found === "string") {
        world.ids.set(kind, found)
        return found
      }
    }
  }
  return null
}

export const parametersOf = ({ path }: Endpoint): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)

/** Fields of bodies and queries that are ids by their name only, or may be foreign. */
const plainFields = new Set([
  "external_id",
  "external_conversation_id",
  "thread_ref",
  "external_call_id",
  "parent_external_call_id",
  "external_parent_call_id",
])

interface IdField {
  name: string
  isList: boolean
  isQuery: boolean
}

/** The fields of an operation's body and query that name something of the company. */
export function idFields(endpoint: Endpoint): IdField[] {
  const of = (schema: Endpoint["body"], isQuery: boolean): IdField[] => {
    const { properties = {} } = (schema ?? {}) as { properties?: Record<string, object> }
    return Object.keys(properties)
      .filter((name) => kindOf(name) !== null && !plainFields.has(name))
      .map((name) => ({ name, isList: name.endsWith("_ids"), isQuery }))
  }
  return [...of(endpoint.body, false), ...of(endpoint.query, true)]
}

/** The least value that a schema takes: required fields only, each as short as it may be. */
// biome-ignore lint/suspicious/noExplicitAny: schemas of every kind
export function leastOf(schema: any): unknown {
  if ("const" in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return leastOf(schema.anyOf[0])
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(leastOf))
  switch (schema.type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name: string) => [name, leastOf(schema.properties[name])]))
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => leastOf(schema.items))
    case "string":
      return schema.format === "email" ? `${unique("a")}@b.test` : unique("x").padEnd(schema.minLength ?? 1, "x")
    case "integer":
    case "number":
      return schema.minimum ?? 1
    case "boolean":
      return true
    case "null":
      return null
    default:
      return "x"
  }
}

/** The browser of a teammate of `story`'s company who is no admin and a member of no inbox; the password is Ana's. */
export async function outsider(story: Story): Promise<Record<string, string>> {
  const email = `${unique("bo")}@example.test`
  const invited = need(await story.call("POST", "/causeway/invitations", { token: story.apiToken, json: { email } }))
  const token = new URL(invited.body.url).hash.slice(1)
  const answer = await story.call("POST", "/causeway/invitations/accept", {
    json: { token, name: "Bo", password: adminPassword },
  })
  return {
    cookie: String(need(answer).headers.get("set-cookie")).split(";")[0] as string,
    "sec-fetch-site": "same-origin",
  }
}

/** Every scope but `scope`, as a token of the company. */
export async function tokenWithout(story: Story, world: World, scope: string): Promise<string> {
  const json = { name: `no ${scope}`, scopes: allScopes.filter((held) => held !== scope) }
  return need(await story.call("POST", "/causeway/tokens", { token: world.token, json })).body.token
}

function need(answer: Reply, status?: number): Reply {
  if (status === undefined ? answer.status >= 300 : answer.status !== status)
    throw new Error(`the world could not be made: ${answer.status} ${answer.text}`)
  return answer
}
