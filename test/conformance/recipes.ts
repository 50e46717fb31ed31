import type { World } from "../access-world.ts"
import { inbound, type Reply, type Story, unique } from "../story.ts"

/** How an operation is called, where the least body that its schema takes does not do. */
interface Recipe {
  /** With the channel's own token. Default: an API token. */
  channel?: boolean
  /** What it answers here instead of the vendor's success, and why that is right is said beside it. */
  status?: number
  /** Its list is empty here, and why that is right is said beside it. */
  isEmpty?: boolean
  prepare?(
    story: Story,
    world: World,
  ): Promise<{ json?: unknown; form?: FormData; ids?: Record<string, string>; query?: string }>
}

const api = (story: Story, world: World, method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, { token: world.token, ...(json !== undefined && { json }) })

async function made(story: Story, world: World, path: string, json: unknown): Promise<Reply["body"]> {
  const answer = await api(story, world, "POST", path, json)
  if (answer.status >= 300) return { id: "none" }
  return answer.body
}

const id = (world: World, kind: string): string => world.ids.get(kind) as string

/** What the lists need to have something in them. */
export async function furnish(story: Story, world: World): Promise<void> {
  const conversation = `/conversations/${id(world, "conversation_id")}`
  const teammate = id(world, "teammate_id")
  const tag = await made(story, world, "/tags", { name: "vip", highlight: "red" })
  world.ids.set("tag_id", tag.id)
  const link = await made(story, world, "/links", { name: "Order 7", external_url: "https://shop.example/7" })
  world.ids.set("link_id", link.id)
  const team = await made(story, world, "/causeway/teams", { name: "Sales", teammate_ids: [teammate] })
  world.ids.set("team_id", team.id)
  const comment = await made(story, world, `${conversation}/comments`, {
    body: "Look at this, @ana",
    author_id: teammate,
  })
  world.ids.set("comment_id", comment.id)
  for (const resource of ["account", "contact", "conversation", "inbox", "link", "teammate"])
    await made(story, world, "/causeway/custom_fields", { resource, type: "string", name: "City" })
  for (const path of [`/teammates/${teammate}/private_inboxes`, `/teams/${team.id}/inboxes`]) {
    const inbox = await made(story, world, path, { name: "Own" })
    const channel = { type: "custom", name: "Own", application_uid: world.app.uid }
    await api(story, world, "POST", `/inboxes/${inbox.id}/channels`, channel)
  }
  await api(story, world, "POST", `${conversation}/tags`, { tag_ids: [tag.id] })
  await api(story, world, "POST", `${conversation}/links`, { link_ids: [link.id] })
  await api(story, world, "POST", `${conversation}/followers`, { teammate_ids: [teammate] })
  await api(story, world, "PATCH", conversation, { assignee_id: teammate })
  await draft(story, world)
  const outbound = await story.call("POST", `/channels/${world.channelId}/outbound_messages`, {
    token: channelToken(story, world),
    json: { to: [{ handle: "rosa" }], body: "On its way", metadata: inbound("").metadata },
  })
  const sent = await api(story, world, "GET", `/messages/alt:uid:${outbound.body.message_uid}`)
  world.ids.set("outbound_message_id", sent.body.id)
  const form = new FormData()
  form.set("body", "With a file")
  form.set("author_id", teammate)
  form.set("attachments[0]", new File(["x"], "x.txt", { type: "text/plain" }))
  const filed = await story.call("POST", `${conversation}/comments`, { token: world.token, form })
  world.ids.set("filed_comment_id", filed.body.id)
  world.ids.set("comment_file_id", filed.body.attachments?.[0]?.id)
}

const channelToken = (story: Story, world: World): string =>
  story.channelToken({ iss: world.app.uid, sub: world.channelId }, world.app.secret)

/** A shared draft in the conversation. */
const draft = (story: Story, world: World): Promise<Reply["body"]> =>
  made(story, world, `/conversations/${id(world, "conversation_id")}/drafts`, {
    body: "Not yet",
    channel_id: world.channelId,
    author_id: id(world, "teammate_id"),
    mode: "shared",
  })

/** A conversation of its own, for what would spoil the shared one. */
async function freshConversation(story: Story, world: World): Promise<string> {
  const token = story.channelToken({ iss: world.app.uid, sub: world.channelId }, world.app.secret)
  const accepted = await story.call("POST", `/channels/${world.channelId}/inbound_messages`, {
    token,
    json: inbound("Hi"),
  })
  const message = await api(story, world, "GET", `/messages/alt:uid:${accepted.body.message_uid}`)
  return String(message.body._links.related.conversation.split("/").at(-1))
}

/** Made by `POST path` and thrown away by the operation under test. */
const thrownAway = (kind: string, path: string, json: () => unknown): Recipe => ({
  async prepare(story, world) {
    return { ids: { [kind]: String((await made(story, world, path, json())).id) } }
  },
})

const body = (json: (world: World) => unknown): Recipe => ({
  prepare: async (_story, world) => ({ json: json(world) }),
})

const shift = (world: World) => ({
  name: "Days",
  color: "blue",
  timezone: "Europe/Paris",
  times: { mon: { start: "09:00", end: "17:00" } },
  teammate_ids: [id(world, "teammate_id")],
})

const newContact = () => ({
  handles: [
    { source: "custom", handle: unique("mia") },
    { source: "custom", handle: unique("mia") },
  ],
})

/** What is done with a contact of its own. */
const withContact = (json?: (contact: Reply["body"], world: World) => unknown): Recipe => ({
  async prepare(story, world) {
    const contact = await made(story, world, "/contacts", newContact())
    return { ids: { contact_id: contact.id }, ...(json && { json: json(contact, world) }) }
  },
})

/** What is done with a contact list, or group, that has somebody on it. */
const withContactList = (noun: "list" | "group", json?: (contactId: string) => unknown): Recipe => ({
  async prepare(story, world) {
    const list = await api(story, world, "POST", `/contact_${noun}s`, { name: unique("list") })
    const listId = String(list.headers.get("location")).split("/").at(-1) as string
    const contact = await made(story, world, "/contacts", newContact())
    await api(story, world, "POST", `/contact_${noun}s/${listId}/contacts`, { contact_ids: [contact.id] })
    return { ids: { [`contact_${noun}_id`]: listId }, ...(json && { json: json(contact.id) }) }
  },
})

const listRecipes = (["list", "group"] as const).flatMap((noun): [string, Recipe][] => {
  const path = `/contact_${noun}s/{contact_${noun}_id}`
  return [
    [`DELETE ${path}`, withContactList(noun)],
    [`GET ${path}/contacts`, withContactList(noun)],
    [`DELETE ${path}/contacts`, withContactList(noun, (contactId) => ({ contact_ids: [contactId] }))],
  ]
})

const call = () => ({
  external_call_id: unique("call"),
  parent_external_call_id: "",
  direction: "inbound",
  from: { handle: "+15550100" },
  initial_status: "ringing",
  started_at: Date.now(),
})

async function withCall(story: Story, world: World, json?: unknown) {
  const leg = call()
  const token = story.channelToken({ iss: world.app.uid, sub: world.channelId }, world.app.secret)
  await story.call("POST", `/channels/${world.channelId}/calls`, { token, json: leg })
  return { ids: { external_call_id: leg.external_call_id }, ...(json !== undefined && { json }) }
}

export const recipes: Record<string, Recipe> = {
  // Ticketing is off: there are no statuses.
  "GET /company/statuses": { isEmpty: true },
  // Rules are the company's: a team or a teammate has none.
  "GET /teams/{team_id}/rules": { isEmpty: true },
  "GET /teammates/{teammate_id}/rules": { isEmpty: true },
  "POST /conversations": body((world) => ({
    type: "discussion",
    subject: "Stock",
    inbox_id: id(world, "inbox_id"),
    comment: { body: "Who counts?", author_id: id(world, "teammate_id") },
  })),
  "POST /conversations/{conversation_id}/drafts": body((world) => ({ body: "Later", channel_id: world.channelId })),
  "PATCH /drafts/{message_id}": {
    async prepare(story, world) {
      const { id: message_id, version } = await draft(story, world)
      return { ids: { message_id }, json: { body: "Better", channel_id: world.channelId, mode: "shared", version } }
    },
  },
  "DELETE /drafts/{draft_id}": {
    async prepare(story, world) {
      const { id: draft_id, version } = await draft(story, world)
      return { ids: { draft_id }, json: { version } }
    },
  },
  "POST /conversations/{conversation_id}/links": body((world) => ({ link_ids: [id(world, "link_id")] })),
  "DELETE /conversations/{conversation_id}/links": body((world) => ({ link_ids: [id(world, "link_id")] })),
  "PUT /conversations/{conversation_id}/assignee": body((world) => ({ assignee_id: id(world, "teammate_id") })),
  "PATCH /conversations/{conversation_id}/reminders": body((world) => ({
    teammate_id: id(world, "teammate_id"),
    scheduled_at: Math.round(Date.now() / 1000) + 3600,
  })),
  "POST /conversations/{conversation_id}/followers": body((world) => ({ teammate_ids: [id(world, "teammate_id")] })),
  "POST /messages/{message_id}/seen": {
    prepare: async (_story, world) => ({ ids: { message_id: id(world, "outbound_message_id") }, json: {} }),
  },
  "GET /messages/{message_id}/seen": {
    prepare: async (_story, world) => ({ ids: { message_id: id(world, "outbound_message_id") } }),
  },
  "GET /conversations/search/{query}": { prepare: async () => ({ ids: { query: "where" } }) },
  "GET /comments/{comment_id}/download/{attachment_link_id}": {
    prepare: async (_story, world) => ({
      ids: { comment_id: id(world, "filed_comment_id"), attachment_link_id: id(world, "comment_file_id") },
    }),
  },
  "GET /comments/{comment_id}/mentions": {
    async prepare(story, world) {
      const { body: teammate } = await api(story, world, "GET", `/teammates/${id(world, "teammate_id")}`)
      const comment = await made(story, world, `/conversations/${id(world, "conversation_id")}/comments`, {
        body: `Look, @${teammate.username}`,
      })
      return { ids: { comment_id: comment.id } }
    },
  },
  "GET /company/statuses/{status_id}": { status: 404 },
  "GET /message_templates/{message_template_id}/download/{attachment_link_id}": {
    prepare: async (_story, world) => ({ ids: { attachment_link_id: id(world, "template_attachment_id") } }),
  },
  "DELETE /tags/{tag_id}": thrownAway("tag_id", "/tags", () => ({ name: unique("tag") })),
  ...Object.fromEntries(listRecipes),
  "POST /contacts/merge": {
    async prepare(story, world) {
      const [target, other] = [
        await made(story, world, "/contacts", newContact()),
        await made(story, world, "/contacts", newContact()),
      ]
      return { json: { target_contact_id: target.id, contact_ids: [other.id] } }
    },
  },
  "DELETE /contacts/{contact_id}": withContact(),
  "DELETE /contacts/{contact_id}/handles": withContact((contact) => contact.handles[0]),
  "POST /contacts/{contact_id}/notes": body((world) => ({ author_id: id(world, "teammate_id"), body: "Likes tea" })),
  "GET /contacts/{contact_id}/notes": {
    async prepare(story, world) {
      const contact = await made(story, world, "/contacts", newContact())
      await made(story, world, `/contacts/${contact.id}/notes`, {
        author_id: id(world, "teammate_id"),
        body: "Likes tea",
      })
      return { ids: { contact_id: contact.id } }
    },
  },
  "GET /contacts/{contact_id}/conversations": {
    async prepare(story, world) {
      const conversation = await api(story, world, "GET", `/conversations/${id(world, "conversation_id")}`)
      return { ids: { contact_id: `alt:custom:${conversation.body.recipient.handle}` } }
    },
  },
  "POST /shifts": body(shift),
  "POST /teams/{team_id}/shifts": body(shift),
  "POST /links": body(() => ({ external_url: `https://shop.example/${unique("order")}` })),
  "POST /channels/{channel_id}/calls": {
    channel: true,
    prepare: async () => ({ json: call() }),
  },
  "PATCH /channels/{channel_id}/calls/{external_call_id}": {
    channel: true,
    prepare: (story, world) => withCall(story, world, { call_status: "connected", occurred_at: Date.now() }),
  },
  "POST /channels/{channel_id}/calls/{external_call_id}/recording": {
    channel: true,
    async prepare(story, world) {
      const form = new FormData()
      form.set("recording_type", "call")
      form.set("attachments", new File(["RIFF"], "call.wav", { type: "audio/wav" }))
      return { ...(await withCall(story, world)), form }
    },
  },
  "POST /channels/{channel_id}/calls/{external_call_id}/summary": {
    channel: true,
    prepare: (story, world) => withCall(story, world, { content: "They agreed." }),
  },
  "POST /inboxes/{inbox_id}/channels": body(() => ({ type: "custom", name: "Conformance" })),
  "GET /messages/{message_id}/download/{attachment_link_id}": {
    prepare: async (_story, world) => ({ ids: { attachment_link_id: id(world, "attachment_id") } }),
  },
  "GET /download/{attachment_link_id}": {
    prepare: async (_story, world) => ({ ids: { attachment_link_id: id(world, "attachment_id") } }),
  },
  "DELETE /conversations/{conversation_id}": {
    async prepare(story, world) {
      const conversation = await freshConversation(story, world)
      await api(story, world, "PATCH", `/conversations/${conversation}`, { status: "deleted" })
      return { ids: { conversation_id: conversation } }
    },
  },
}
