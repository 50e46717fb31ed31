import { afterAll, describe, expect, test } from "vitest"
import { unique } from "../../../test/story.ts"
import { lastSegment, noon, ringing, startCallStory } from "./calls.story.ts"

const story = await startCallStory()
afterAll(() => story.close())
const { apiToken, begin, begun, call, calls, conversationOf, eventsOf, messageOf, move, post, viewOf, viewsOf } = story

describe("a call", () => {
  test("is a message of type call in a conversation with the person outside, whose number is read as a phone number", async () => {
    const id = await begun()
    const message = await messageOf(id)
    expect(message).toMatchObject({
      type: "call",
      is_inbound: true,
      is_draft: false,
      created_at: noon / 1000,
      blurb: "Inbound call · ringing",
      author: null,
      recipients: [
        { role: "from", handle: "+12125550142", name: "Lena Fuchs" },
        { role: "to", name: null },
      ],
    })
    expect(message.recipients[0]._links.related.contact).toMatch(/\/contacts\/crd_/)
    const conversation = await call("GET", `/conversations/${await conversationOf(id)}`, { token: apiToken })
    expect(conversation.body).toMatchObject({
      status: "unassigned",
      recipient: { handle: "+12125550142", role: "from" },
    })
    expect(lastSegment(conversation.body._links.related.last_message)).toBe(`${message.id}?referer=conversation`)
  })

  test("of one's own goes to the person called, and is by the teammate whom the phone system names", async () => {
    const id = await begun({ direction: "outbound", agent_email_address: "ANA@example.test" })
    const message = await messageOf(id)
    expect(message).toMatchObject({ is_inbound: false, author: { email: "ana@example.test" } })
    expect(message.recipients.map(({ role, handle }: Record<string, string>) => [role, handle])[1]).toEqual([
      "to",
      "+12125550142",
    ])
    expect(await viewOf(id)).toMatchObject({
      from: { name: "Acme SMS" },
      to: { handle: "+12125550142", name: "Lena Fuchs" },
      agent: { name: "Ana Lee", email: "ana@example.test" },
    })
  })

  test("may have begun at any time that can be written down", async () => {
    for (const started_at of [-62_135_596_800_000, 253_402_300_799_999, 1.5])
      expect((await messageOf(await begun({ started_at }))).created_at).toBe(Math.round(started_at) / 1000)
  })

  test("tells its whole life: steps, length, agent, and the events that integrations know", async () => {
    const id = await begun({ initial_status: "queued", agent_email_address: "nobody@pbx.test" })
    for (const [status, at] of [
      ["connected", 9],
      ["hold", 200],
      ["resumed", 232],
      ["hold", 240],
      ["connected", 250],
    ] as const)
      expect((await move(id, status, at)).status).toBe(202)
    expect(await viewOf(id)).toMatchObject({ status: "connected", duration: null, ended_at: null })
    expect((await messageOf(id)).blurb).toBe("Inbound call · in progress")
    expect((await move(id, "hangup", 261, { agent_email_address: "ana@example.test" })).status).toBe(202)
    const view = await viewOf(id)
    expect(view).toMatchObject({
      status: "hangup",
      started_at: noon / 1000,
      connected_at: noon / 1000 + 9,
      ended_at: noon / 1000 + 261,
      duration: 252,
      agent: { name: "Ana Lee" },
      recordings: [],
      transcript: null,
      summary: null,
      parent_id: null,
    })
    expect(view.legs).toEqual([view.id])
    expect(view.steps.map(({ status, at }: Record<string, number>) => [status, (at as number) - noon / 1000])).toEqual([
      ["queued", 0],
      ["connected", 9],
      ["hold", 200],
      ["resumed", 232],
      ["hold", 240],
      ["resumed", 250],
      ["hangup", 261],
    ])
    expect(view.steps[0].agent).toEqual({ id: null, name: "nobody@pbx.test", email: "nobody@pbx.test" })
    expect((await messageOf(id)).blurb).toBe("Inbound call · 4:12")
    expect(await eventsOf(id)).toEqual([
      "call_started",
      "call_queued",
      "call_connected",
      "call_on_hold",
      "call_resumed",
      "call_on_hold",
      "call_resumed",
      "call_hangup",
    ])
  })

  test("shows its latest line in the list, for as long as it is the last thing there", async () => {
    const id = await begun()
    const { db } = story.server.services
    const preview = async () =>
      (
        await db.query<{ preview: string }>({
          text: "select preview from conversation join message on message.conversation_id = conversation.id where message.external_id = $1",
          values: [id],
        })
      )[0]?.preview
    expect(await preview()).toBe("Inbound call · ringing")
    await move(id, "missed")
    expect(await preview()).toBe("Missed call")
    const reply = { token: apiToken, json: { body: "We called back.", options: { archive: false } } }
    expect((await call("POST", `/conversations/${await conversationOf(id)}/messages`, reply)).status).toBe(202)
    await post(id, "summary", { content: "No message" })
    expect(await preview()).toBe("We called back.")
  })
})

describe("what may follow what", () => {
  const paths: Record<string, string[]> = {
    queued: [],
    ringing: [],
    connected: ["connected"],
    hold: ["connected", "hold"],
    hangup: ["connected", "hangup"],
    missed: ["missed"],
    abandoned: ["abandoned"],
    transferred: ["connected", "transferred"],
  }
  const allowed: Record<string, string[]> = {
    queued: ["connected", "hangup", "missed", "abandoned"],
    ringing: ["queued", "connected", "missed", "abandoned", "transferred"],
    connected: ["hold", "transferred", "hangup"],
    hold: ["resumed", "connected", "transferred", "hangup"],
    hangup: [],
    missed: [],
    abandoned: [],
    transferred: [],
  }
  test.each(Object.keys(paths))("after %s: the guide's table and nothing else, refusals naming both", async (from) => {
    const others = [...Object.keys(paths), "resumed"].filter((to) => to !== from)
    await Promise.all(
      others.map(async (to) => {
        const id = await begun({ initial_status: from === "queued" ? "queued" : "ringing" })
        for (const status of paths[from] as string[]) await move(id, status)
        const answer = await move(id, to)
        if (allowed[from]?.includes(to)) expect([to, answer.status]).toEqual([to, 202])
        else {
          expect([to, answer.status]).toEqual([to, 400])
          expect(answer.body._error.details[0]).toContain(`body.call_status cannot go from ${from} to ${to}`)
          expect((await viewOf(id)).status).toBe(from)
        }
      }),
    )
  })

  test("the present status again, and a late copy of an older one, change nothing", async () => {
    const id = await begun()
    await move(id, "connected", 5)
    await move(id, "hold", 10)
    for (const [status, at] of [
      ["hold", undefined],
      ["connected", 5],
      ["ringing", 0],
    ] as const)
      expect((await move(id, status, at)).status).toBe(202)
    expect(await viewOf(id)).toMatchObject({ status: "hold" })
    await move(id, "resumed", 20)
    for (const status of ["resumed", "connected"]) expect((await move(id, status)).status).toBe(202)
    expect((await viewOf(id)).steps).toHaveLength(4)
    expect(await eventsOf(id)).toHaveLength(4)
  })

  test("the present status with another agent changes who is on the call; a late copy does not", async () => {
    const id = await begun()
    await move(id, "connected", 5, { agent_email_address: "bo@pbx.test" })
    await move(id, "hold", 9)
    expect((await move(id, "hold", 9, { agent_email_address: "ana@example.test" })).status).toBe(202)
    expect((await move(id, "connected", 5, { agent_email_address: "bo@pbx.test" })).status).toBe(202)
    const view = await viewOf(id)
    expect(view).toMatchObject({ status: "hold", agent: { name: "Ana Lee" } })
    expect(view.steps.map((step: { agent: { name: string } | null }) => step.agent?.name)).toEqual([
      undefined,
      "bo@pbx.test",
      "bo@pbx.test",
    ])
  })

  test("one of twenty copies of an update counts", async () => {
    const id = await begun()
    const answers = await Promise.all(Array.from({ length: 20 }, () => move(id, "connected", 3)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    expect((await viewOf(id)).steps).toHaveLength(2)
    expect(await eventsOf(id)).toEqual(["call_started", "call_connected"])
  })
})

describe("once", () => {
  test("twenty parallel copies of a beginning make one call in one conversation", async () => {
    const body = ringing({ from: { handle: "+12125550777" } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => begin(body)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    const { db } = story.server.services
    const [count] = await db.query({
      text: `select (select count(*) from message where external_id = $1)::int as messages, (select count(*) from contact_handle where handle = '+12125550777')::int as handles,
               (select count(*) from thread_key where key = $1)::int as keys`,
      values: [body.external_call_id],
    })
    expect(count).toEqual({ messages: 1, handles: 1, keys: 1 })
    expect(await viewsOf(body.external_call_id)).toHaveLength(1)
  })

  test("a repeated id with other words, even after the call has ended, leaves it as it was", async () => {
    const id = await begun()
    await move(id, "missed")
    expect(
      (await begin(ringing({ external_call_id: id, direction: "outbound", to: { handle: "+4912345678" } }))).status,
    ).toBe(202)
    expect(await viewOf(id)).toMatchObject({ direction: "inbound", status: "missed", from: { handle: "+12125550142" } })
  })

  test("the same id in another channel is another call, and channels do not see each other's", async () => {
    const second = await story.connect("Second line")
    const id = await begun()
    const other = { token: story.channelToken({ sub: second }) }
    const patched = await call("PATCH", `/channels/${second}/calls/${id}`, {
      ...other,
      json: { call_status: "missed" },
    })
    const missing = await call("PATCH", `/channels/${second}/calls/none`, { ...other, json: { call_status: "missed" } })
    expect(patched.status).toBe(404)
    expect(patched.text.replace(id, "ID")).toBe(missing.text.replace("none", "ID"))
    const made = await call("POST", `/channels/${second}/calls`, { ...other, json: ringing({ external_call_id: id }) })
    expect(made.status).toBe(202)
    const wrong = await call("POST", calls, { ...other, json: ringing() })
    expect(wrong.status).toBe(403)
    expect(await viewsOf(id)).toHaveLength(1)
  })
})

describe("legs", () => {
  test("a transferred call and the leg that follows it stand in one conversation, as one chain", async () => {
    const first = await begun({ parent_external_call_id: undefined })
    await move(first, "connected")
    await move(first, "transferred")
    const second = await begun({ parent_external_call_id: first })
    const third = await begun({ parent_external_call_id: undefined, external_parent_call_id: second })
    const views = await viewsOf(first)
    expect(views.map((view: { external_id: string }) => view.external_id)).toEqual([first, second, third])
    expect(views.map((view: { parent_id: string }) => view.parent_id)).toEqual([null, views[0].id, views[1].id])
    for (const view of views) expect(view.legs).toEqual(views.map(({ id }: { id: string }) => id))
  })

  test.each([
    ["nobody", undefined],
    ["null", null],
    ["an empty string", ""],
  ])("a first leg that names %s as its parent is a call of its own", async (_, parent) => {
    const [one, two] = [
      await begun({ parent_external_call_id: parent }),
      await begun({ parent_external_call_id: parent }),
    ]
    expect(await conversationOf(one)).not.toBe(await conversationOf(two))
  })

  test("a first leg that names itself is a call of its own", async () => {
    const id = unique("call")
    await begun({ external_call_id: id, parent_external_call_id: id })
    expect(await viewOf(id)).toMatchObject({ parent_id: null })
  })

  test("a leg that comes before its parent, and the one before that, still meet", async () => {
    const [root, middle, last] = [unique("call"), unique("call"), unique("call")]
    await begun({ external_call_id: last, parent_external_call_id: middle })
    await begun({ external_call_id: middle, parent_external_call_id: root })
    await begun({ external_call_id: root })
    const conversations = await Promise.all([root, middle, last].map(conversationOf))
    expect(new Set(conversations).size).toBe(1)
    expect((await viewOf(root)).legs).toHaveLength(3)
  })

  test("two legs at once that name each other are kept, in one conversation", async () => {
    const [one, two] = [unique("call"), unique("call")]
    await Promise.all([
      begun({ external_call_id: one, parent_external_call_id: two }),
      begun({ external_call_id: two, parent_external_call_id: one }),
    ])
    expect(await conversationOf(one)).toBe(await conversationOf(two))
    expect((await viewOf(one)).legs).toHaveLength(2)
  })

  test("a call's id is no thread key of messages: the same word for both keeps them apart", async () => {
    const id = await begun()
    const written = await story.customerWrites("Hi", {
      sender: { handle: "+12125550142" },
      metadata: { external_id: unique("ext"), external_conversation_id: id },
    })
    const message = (await story.message(written)).body
    expect(lastSegment(message._links.related.conversation)).not.toBe(await conversationOf(id))
  })
})
