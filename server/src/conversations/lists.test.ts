import type { ConversationList, ConversationRow } from "@causeway/contract/inbox"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { ana, type Reply, type Story, startStory } from "../../../test/story.ts"
import { begin, make, publicEvents, write } from "./conversations.story.ts"

let story: Story
let cookie = ""
let me = ""

/** As the person at the inbox. */
const asAna = (method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, {
    headers: { cookie, "sec-fetch-site": "same-origin" },
    ...(json !== undefined && { json }),
  })

async function list(query: string): Promise<ConversationList> {
  const answer = await asAna("GET", `/causeway/conversations?${query}`)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}

const ids = (page: ConversationList): string[] => page.conversations.map(({ id }) => id)
const placeOf = (row: ConversationRow | undefined): string => `${Math.round((row?.activity_at ?? 0) * 1000)}_${row?.id}`

beforeAll(async () => {
  story = await startStory()
  const signedIn = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: ana.email, password: ana.password },
  })
  cookie = String(signedIn.headers.get("set-cookie")).split(";")[0] as string
  me = (await asAna("GET", "/causeway/session")).body.teammate.id
})
afterAll(() => story?.close())

describe("a list is read in stretches", () => {
  const begun: string[] = []
  beforeAll(async () => {
    for (let i = 0; i < 12; i++) begun.push((await begin(story, `Question ${i}`, { handle: `guest_${i}` })).id)
    begun.reverse()
  })

  test("downward from the top, upward from a row, and by a leap from either end, it is the same list", async () => {
    const top = await list("limit=5")
    expect(ids(top)).toEqual(begun.slice(0, 5))
    expect(top).toMatchObject({ more: true, total: 12, counts: { open: 12, unassigned: 12, mine: 0 } })
    const below = await list(`limit=5&below=${placeOf(top.conversations[4])}`)
    expect(ids(below)).toEqual(begun.slice(5, 10))
    expect(below).toMatchObject({ more: true, total: null, counts: null })
    const above = await list(`limit=3&above=${placeOf(below.conversations[0])}`)
    expect(ids(above)).toEqual(begun.slice(2, 5))
    expect(above.more).toBe(true)
    for (const offset of [0, 3, 6, 9, 11]) {
      const leap = await list(`limit=4&offset=${offset}`)
      expect(ids(leap)).toEqual(begun.slice(offset, offset + 4))
      expect(leap.more).toBe(offset + 4 < 12)
    }
    expect(await list("offset=500")).toMatchObject({ conversations: [], more: false, total: 12 })
  })

  test("oldest first is the other way round", async () => {
    const oldest = await list("sort=oldest&limit=5")
    expect(ids(oldest)).toEqual(begun.toReversed().slice(0, 5))
    const next = await list(`sort=oldest&limit=5&below=${placeOf(oldest.conversations[4])}`)
    expect(ids(next)).toEqual(begun.toReversed().slice(5, 10))
  })

  test("who has waited longest comes first, and who was answered comes last", async () => {
    const first = begun.at(-1) as string
    await story.call("POST", `/conversations/${first}/messages`, {
      token: story.apiToken,
      json: { body: "Soon", text: "Soon", options: { archive: false } },
    })
    await story.settle()
    const waiting = await list("sort=waiting&limit=50")
    expect(ids(waiting)).toEqual([
      ...begun
        .toReversed()
        .slice(1)
        .filter((id) => id !== first),
      first,
    ])
    const last = waiting.conversations.at(-1) as ConversationRow
    expect(ids(await list(`sort=waiting&limit=2&above=n_${last.id}`))).toEqual(begun.slice(0, 2).reverse())
    // The top of the list is whoever was active last; that is the answered one now.
    begun.unshift(begun.pop() as string)
  })

  test("what makes no sense is refused by name", async () => {
    for (const [query, field] of [
      ["view=elsewhere", "query.view"],
      ["sort=loudest", "query.sort"],
      ["view=archived&sort=waiting", "query.sort"],
      ["below=yesterday", "query.below"],
      ["offset=-1", "query.offset"],
      ["offset=1&above=n_cnv_1", "query"],
      ["inbox_id=cha_1", "query.inbox_id"],
    ]) {
      const answer = await asAna("GET", `/causeway/conversations?${query}`)
      expect([query, answer.status]).toEqual([query, 400])
      expect(answer.text).toContain(field)
    }
  })
})

describe("the views", () => {
  test("each conversation is in the views it belongs to, and their counts say so", async () => {
    const { id, path } = await begin(story, "Where is my parcel?", { handle: "vera" })
    const views = async (): Promise<string[]> => {
      const names = ["open", "unassigned", "mine", "failed", "drafts", "snoozed", "archived", "trash"]
      const pages = await Promise.all(names.map((view) => list(`view=${view}`)))
      return names.filter((_, i) => ids(pages[i] as ConversationList).includes(id))
    }
    expect(await views()).toEqual(["open", "unassigned"])
    await asAna("PATCH", path, { assignee_id: me })
    expect(await views()).toEqual(["open", "mine"])
    const tomorrow = Math.round(Date.now() / 1000) + 86_400
    await asAna("PATCH", `${path}/reminders`, { teammate_id: me, scheduled_at: tomorrow })
    expect(await views()).toEqual(["snoozed", "archived"])
    const snoozed = (await list("view=snoozed")).conversations[0]
    expect(snoozed?.snoozed).toEqual([{ teammate_id: me, until: tomorrow }])
    await asAna("PATCH", path, { status: "deleted" })
    expect(await views()).toEqual(["trash"])
    await asAna("PATCH", path, { status: "open", assignee_id: null })
    const draft = await asAna("POST", `${path}/drafts`, {
      body: "Let me look",
      channel_id: story.channelId,
      author_id: me,
      mode: "private",
    })
    expect(draft.status).toBe(200)
    expect(await views()).toEqual(["open", "unassigned", "drafts"])
    const page = await list("view=drafts")
    expect(page.conversations[0]?.drafts_by).toEqual([{ id: me, name: "Ana Lee" }])
    expect(page).toMatchObject({ total: 1, counts: { drafts: 1, mine: 0 } })
  })

  test("a list is narrowed to an inbox, a channel, a tag and an assignee", async () => {
    const { id, path } = await begin(story, "For the warehouse", { handle: "willy" })
    const inbox = await make(story, "/inboxes", { name: "Warehouse" })
    const tag = await make(story, "/tags", { name: "Urgent", highlight: "red" })
    await story.call("PATCH", path, { token: story.apiToken, json: { inbox_id: inbox, tag_ids: [tag] } })
    const page = await list(`inbox_id=${inbox}`)
    expect(ids(page)).toEqual([id])
    expect(page.conversations[0]?.tags).toEqual([{ id: tag, name: "Urgent", highlight: "red" }])
    expect(ids(await list(`tag_id=${tag}&channel_id=${story.channelId}`))).toEqual([id])
    expect(ids(await list(`tag_id=${tag}&assignee_id=${me}`))).toEqual([])
    await asAna("PATCH", path, { assignee_id: me })
    expect(ids(await list(`tag_id=${tag}&assignee_id=${me}`))).toEqual([id])
    expect((await list("inbox_id=inb_zzzz")).total).toBe(0)
  })
})

describe("reading", () => {
  test("a conversation is unread until its reader has come to its newest message, for that teammate alone", async () => {
    const { id, key } = await begin(story, "First", { handle: "rita" })
    const row = async (): Promise<ConversationRow> =>
      (await list("limit=1")).conversations.find((candidate) => candidate.id === id) as ConversationRow
    expect(await row()).toMatchObject({ last_inbound: 1, read_number: 0 })
    expect((await asAna("PUT", `/causeway/conversations/${id}/read`, { number: 99 })).status).toBe(204)
    expect(await row()).toMatchObject({ last_inbound: 1, read_number: 1 })
    await write(story, "Second", key, "rita")
    expect(await row()).toMatchObject({ last_inbound: 2, read_number: 1 })
    await asAna("PUT", `/causeway/conversations/${id}/read`, { number: 0 })
    expect(await row()).toMatchObject({ last_inbound: 2, read_number: 0 })
    expect((await asAna("PUT", "/causeway/conversations/cnv_zzzz/read", { number: 1 })).status).toBe(404)
  })
})

describe("many at once", () => {
  const bulk = (ids: string[], change: object) =>
    asAna("POST", "/causeway/conversations/bulk", { conversation_ids: ids, change })
  const state = async (id: string): Promise<object> => {
    const { status, assignee, tags } = (await asAna("GET", `/conversations/${id}`)).body
    return { status, assignee: assignee?.id ?? null, tags: tags.map((tag: { id: string }) => tag.id) }
  }

  test("every conversation of a list is changed, told in the feed, and put back as it was", async () => {
    const inbox = await make(story, "/inboxes", { name: "Returns" })
    const tag = await make(story, "/tags", { name: "Return" })
    const threads = await Promise.all([1, 2, 3].map((n) => begin(story, `Return ${n}`, { handle: `ret_${n}` })))
    for (const { path } of threads)
      await story.call("PATCH", path, { token: story.apiToken, json: { inbox_id: inbox } })
    await asAna("PATCH", (threads[0] as { path: string }).path, { assignee_id: me, tag_ids: [tag] })
    const listed = await asAna("GET", `/causeway/conversations/ids?inbox_id=${inbox}&sort=oldest`)
    expect(listed.body).toEqual({ ids: threads.map(({ id }) => id), more: false })
    const before = await Promise.all(threads.map(({ id }) => state(id)))

    const done = await bulk(listed.body.ids, { status: "archived", assignee_id: me, add_tag_ids: [tag] })
    expect(done.status).toBe(200)
    expect(done.body.refused).toEqual([])
    for (const { id } of threads) expect(await state(id)).toEqual({ status: "archived", assignee: me, tags: [tag] })
    expect(done.body.changed[0].before).toEqual({ status: "open" })
    expect(done.body.changed[1].before).toEqual({ status: "open", assignee_id: null, remove_tag_ids: [tag] })
    expect(await publicEvents(story, (threads[1] as { id: string }).id)).toEqual(
      expect.arrayContaining(["archive", "assign", "tag"]),
    )
    for (const { id, before: back } of done.body.changed) expect((await bulk([id], back)).status).toBe(200)
    expect(await Promise.all(threads.map(({ id }) => state(id)))).toEqual(before)
    // Nothing is left to change: no version grows and no event is told.
    expect((await bulk(listed.body.ids, { status: "open" })).body).toEqual({ changed: [], refused: [] })
  })

  test("a snooze is for the one who asks, and is taken back with the conversation open again", async () => {
    const { id } = await begin(story, "Later, please", { handle: "lea" })
    const until = Math.round(Date.now() / 1000) + 3600
    const done = await bulk([id], { snooze_until: until })
    expect(done.body.changed).toEqual([{ id, before: { status: "open", snooze_until: null } }])
    expect(ids(await list("view=snoozed"))).toContain(id)
    await bulk([id], done.body.changed[0].before)
    expect(ids(await list("view=snoozed"))).not.toContain(id)
    expect(await state(id)).toMatchObject({ status: "unassigned" })
  })

  test("those that cannot be changed are named, and the others are changed all the same", async () => {
    const { id } = await begin(story, "Take me", { handle: "tess" })
    const lost = await begin(story, "Merge me", { handle: "tess" })
    await asAna("POST", `/causeway/conversations/${id}/merge`, { conversation_ids: [lost.id] })
    const done = await bulk([id, lost.id, "cnv_zzzzz", "nonsense"], { assignee_id: me })
    expect(done.body.changed.map((one: { id: string }) => one.id)).toEqual([id])
    expect(done.body.refused).toEqual([
      { id: lost.id, reason: "merged" },
      { id: "cnv_zzzzz", reason: "not_found" },
      { id: "nonsense", reason: "not_found" },
    ])
    const nobody = await bulk([id], { assignee_id: "tea_zzzz" })
    expect([nobody.status, nobody.text]).toEqual([400, expect.stringContaining("body.change.assignee_id")])
    const noTag = await bulk([id], { add_tag_ids: ["tag_zzzz"] })
    expect([noTag.status, noTag.text]).toEqual([400, expect.stringContaining("body.change.add_tag_ids[0]")])
  })
})
