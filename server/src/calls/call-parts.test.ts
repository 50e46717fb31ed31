import { afterAll, describe, expect, test } from "vitest"
import { type Reply, unique } from "../../../test/story.ts"
import { audio, lena, line, noon, recordingForm, ringing, startCallStory } from "./calls.story.ts"

const story = await startCallStory()
afterAll(() => story.close())
const { apiToken, begin, begun, call, calls, conversationOf, eventsOf, messageOf, move, post, record, token, viewOf } =
  story

describe("somebody has to see it", () => {
  async function statusAfter(
    id: string,
    work: () => Promise<Reply>,
  ): Promise<{ status: string; waiting_since?: number }> {
    const path = `/conversations/${await conversationOf(id)}`
    await call("PATCH", path, { token: apiToken, json: { status: "archived" } })
    expect((await work()).status).toBe(202)
    return (await call("GET", path, { token: apiToken })).body
  }

  test("a call that reached nobody and a voicemail bring an archived conversation back, and the caller waits", async () => {
    for (const status of ["missed", "abandoned", "hangup"]) {
      const id = await begun({ initial_status: "queued" })
      expect(await statusAfter(id, () => move(id, status))).toMatchObject({
        status: "unassigned",
        waiting_since: noon / 1000,
      })
    }
    const id = await begun()
    await move(id, "missed")
    const form = recordingForm(audio("voice"))
    form.set("recording_type", "voicemail")
    expect(await statusAfter(id, () => record(id, form))).toMatchObject({ status: "unassigned" })
    expect((await messageOf(id)).blurb).toBe("Missed call, voicemail")
  })

  test("a call that was answered waits for nobody, and what comes after it leaves an archived conversation where it is", async () => {
    const id = await begun()
    expect(await statusAfter(id, () => move(id, "connected", 4))).toMatchObject({ status: "archived" })
    const conversation = await call("GET", `/conversations/${await conversationOf(id)}`, { token: apiToken })
    expect(conversation.body.waiting_since).toBeUndefined()
    expect(await statusAfter(id, () => post(id, "summary", { content: "Done" }))).toMatchObject({ status: "archived" })
  })
})

describe("what comes after the call", () => {
  test("a recording is kept once, plays from the message's download, and is listed with its kind", async () => {
    const id = await begun()
    for (const _ of [1, 2]) expect((await record(id, recordingForm(audio("RIFF…")))).status).toBe(202)
    const voicemail = recordingForm(audio("voice", "vm.mp3", "audio/mpeg"))
    voicemail.set("recording_type", "voicemail")
    expect((await record(id, voicemail)).status).toBe(202)
    const { recordings } = await viewOf(id)
    expect(recordings).toMatchObject([
      { type: "call", filename: "call.wav", content_type: "audio/wav", size: 7 },
      { type: "voicemail", filename: "vm.mp3", content_type: "audio/mpeg", size: 5 },
    ])
    const file = await call("GET", recordings[1].url, { token: token() })
    expect(file.status).toBe(200)
    expect(file.text).toBe("voice")
    expect((await messageOf(id)).attachments).toHaveLength(2)
  })

  test("parallel copies of a recording are kept once", async () => {
    const id = await begun()
    const answers = await Promise.all(Array.from({ length: 10 }, () => record(id, recordingForm(audio("same")))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]))
    expect((await viewOf(id)).recordings).toHaveLength(1)
  })

  test("a recording is exactly one audio file, of a known kind, in a form", async () => {
    const id = await begun()
    const noKind = recordingForm(audio())
    noKind.delete("recording_type")
    const oddKind = recordingForm(audio())
    oddKind.set("recording_type", "song")
    const refused: [Reply, string][] = [
      [await record(id, recordingForm()), "exactly one audio file"],
      [await record(id, recordingForm(audio("a"), audio("b"))), "was 2"],
      [await record(id, recordingForm(audio("a", "a.txt", "text/plain"))), "was text/plain"],
      [await record(id, noKind), "recording_type is required"],
      [await record(id, oddKind), "one of: call, voicemail"],
      [await post(id, "recording", { recording_type: "call" }), "exactly one audio file"],
    ]
    for (const [answer, words] of refused) {
      expect(answer.status).toBe(400)
      expect(answer.body._error.message).toContain(words)
    }
    expect((await viewOf(id)).recordings).toEqual([])
  })

  test("a summary stands in the message's text, and a later one replaces it", async () => {
    const id = await begun()
    await move(id, "missed")
    await post(id, "summary", { content: "Wants <b>a call</b> back" })
    await post(id, "summary", { content: "Wants <i>a call</i> back" })
    const message = await messageOf(id)
    expect(message.text).toBe("Missed call\n\nWants <i>a call</i> back")
    expect(message.body).toBe("Missed call<br /><br />Wants &lt;i&gt;a call&lt;/i&gt; back")
    expect((await viewOf(id)).summary).toBe("Wants <i>a call</i> back")
  })

  test("a transcript is kept whole, told once however often it comes, and replaced by another", async () => {
    const id = await begun()
    await move(id, "connected")
    const lines = [line("I moved.", 58), { ...line("Let me change that.", 65.5), speaker_type: "internal" }]
    for (const _ of [1, 2]) expect((await post(id, "transcript", { lines })).status).toBe(202)
    expect((await viewOf(id)).transcript).toEqual([
      { speaker_name: "Lena", content: "I moved.", start_seconds: 58, speaker_type: "external" },
      { speaker_name: "Lena", content: "Let me change that.", start_seconds: 65.5, speaker_type: "internal" },
    ])
    await post(id, "transcript", { lines: [line("Better.")] })
    expect((await viewOf(id)).transcript).toHaveLength(1)
    expect(await eventsOf(id)).toEqual([
      "call_started",
      "call_connected",
      "call_transcript_added",
      "call_transcript_added",
    ])
  })

  test("what was said in a call that nobody answered is a voicemail's transcript", async () => {
    const id = await begun()
    await move(id, "missed")
    await post(id, "transcript", { lines: [line("Please call me.")] })
    expect((await eventsOf(id)).at(-1)).toBe("call_voicemail_transcript_added")
  })

  test("parts that say nothing, or too much, or of a call that is not there, are refused", async () => {
    const id = await begun()
    const bad: [string, unknown, number][] = [
      [`${id}/summary`, { content: "" }, 400],
      [`${id}/summary`, {}, 400],
      [`${id}/summary`, { content: "a\u0000b" }, 400],
      [`${id}/transcript`, { lines: [] }, 400],
      [`${id}/transcript`, { lines: [{ ...line("x"), speaker_type: "robot" }] }, 400],
      [`${id}/transcript`, { lines: [{ ...line("x"), start_time_seconds: -1 }] }, 400],
      [`${id}/transcript`, { lines: [{ ...line("x"), start_time_seconds: "1" }] }, 400],
      ["none/summary", { content: "x" }, 404],
      ["none/transcript", { lines: [line("x")] }, 404],
    ]
    for (const [path, json, status] of bad)
      expect([path, (await call("POST", `${calls}/${path}`, { token: token(), json })).status]).toEqual([path, status])
    expect((await record("none", recordingForm(audio()))).status).toBe(404)
  })
})

describe("refusals", () => {
  test("a beginning that is not as described names the field", async () => {
    const bad: [Record<string, unknown>, string][] = [
      [{ from: undefined }, "body.from is required"],
      [{ from: undefined, to: lena }, "body.from is required"],
      [{ direction: "outbound", from: lena, to: undefined }, "body.to is required"],
      [{ from: { name: "Lena" } }, "body.from.handle is required"],
      [{ from: { handle: "" } }, "body.from.handle must not be empty"],
      [{ initial_status: "connected" }, "body.initial_status must be one of: queued, ringing"],
      [{ direction: "sideways" }, "body.direction must be one of"],
      [{ external_call_id: "" }, "body.external_call_id must not be empty"],
      [{ external_call_id: "x".repeat(256) }, "body.external_call_id is longer"],
      [{ started_at: "now" }, "body.started_at"],
      [{ started_at: 1e300 }, "body.started_at"],
      [{ parent_external_call_id: 7 }, "body.parent_external_call_id"],
    ]
    for (const [over, words] of bad) {
      const answer = await begin(ringing(over))
      expect([words, answer.status]).toEqual([words, 400])
      expect(answer.body._error.message).toContain(words)
    }
  })

  test("ids with slashes, percent signs and spaces are taken as they are", async () => {
    const id = await begun({ external_call_id: `a/b %2F ü@pbx ${unique("x")}` })
    expect((await move(id, "missed")).status).toBe(202)
    expect((await viewOf(id)).status).toBe("missed")
  })

  test("an id that cannot be stored, and one too long to be anybody's, are refused", async () => {
    const json = { call_status: "missed" }
    expect((await call("PATCH", `${calls}/a%00b`, { token: token(), json })).status).toBe(400)
    expect((await call("PATCH", `${calls}/${"a".repeat(900)}`, { token: token(), json })).status).toBe(404)
    expect((await call("PATCH", `${calls}/${"a".repeat(9000)}`, { token: token(), json })).status).toBe(414)
  })

  test("an API token needs channels:write; a channel without an app has no calls", async () => {
    expect((await call("POST", calls, { token: apiToken, json: ringing() })).status).toBe(202)
    const weak = await call("POST", "/causeway/tokens", {
      token: apiToken,
      json: { name: "t", scopes: ["messages:write"] },
    })
    expect((await call("POST", calls, { token: weak.body.token, json: ringing() })).status).toBe(403)
    const custom = await call("POST", `/inboxes/${story.inboxId}/channels`, {
      token: apiToken,
      json: { type: "custom", name: "Plain", settings: { webhook_url: `${story.partner.url}/plain` } },
    })
    const path = `${String(custom.headers.get("location"))}/calls`
    const refused = await call("POST", path, { token: apiToken, json: ringing() })
    expect(refused.status).toBe(400)
    expect(refused.body._error.message).toContain("not an application channel")
  })
})
