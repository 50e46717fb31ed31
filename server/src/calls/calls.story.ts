import { expect } from "vitest"
import { type Reply, startStory, unique } from "../../../test/story.ts"

export const lena = { handle: "(212) 555-0142", name: "Lena Fuchs" }
export const noon = Date.parse("2026-03-02T12:00:00.000Z")
const after = (seconds: number): number => noon + seconds * 1000

/** A call as a phone system begins it, a first leg with an id of its own. */
export function ringing(over: Record<string, unknown> = {}): Record<string, unknown> & { external_call_id: string } {
  const id = unique("call")
  const party = over.direction === "outbound" ? { to: lena } : { from: lena }
  return {
    external_call_id: id,
    initial_status: "ringing",
    direction: "inbound",
    parent_external_call_id: "",
    started_at: noon,
    ...party,
    ...over,
  }
}

export function recordingForm(...files: File[]): FormData {
  const form = new FormData()
  form.set("recording_type", "call")
  for (const file of files) form.append("attachments", file)
  return form
}
export const audio = (bytes = "RIFF", name = "call.wav", type = "audio/wav"): File => new File([bytes], name, { type })

/** One line of a transcript. */
export const line = (content: string, start = 0) => ({
  speaker_name: "Lena",
  content,
  start_time_seconds: start,
  speaker_type: "external",
})

export const lastSegment = (url: string): string => url.split("/").at(-1) as string

/** A company with a phone line, and what its phone system and its integrations do. */
export async function startCallStory() {
  const story = await startStory({ app: { contact_type: "phone", features: ["reply", "calls"] } })
  const { call, apiToken } = story
  const token = () => story.channelToken()
  const calls = `/channels/${story.channelId}/calls`

  const begin = (body: object): Promise<Reply> => call("POST", calls, { token: token(), json: body })
  const post = (id: string, part: string, json: unknown): Promise<Reply> =>
    call("POST", `${calls}/${encodeURIComponent(id)}/${part}`, { token: token(), json })
  const move = (id: string, status: string, at?: number, over: object = {}): Promise<Reply> =>
    call("PATCH", `${calls}/${encodeURIComponent(id)}`, {
      token: token(),
      json: { call_status: status, ...(at !== undefined && { occurred_at: after(at) }), ...over },
    })

  async function begun(over: Record<string, unknown> = {}): Promise<string> {
    const body = ringing(over)
    const answer = await begin(body)
    expect(answer.text).toBe("")
    expect(answer.status).toBe(202)
    return body.external_call_id
  }

  /** The message of a call, over the Core API as an integration finds it. */
  async function messageOf(id: string) {
    const { db } = story.server.services
    const [row] = await db.query<{ uid: string }>({
      text: "select uid from message where external_id = $1",
      values: [id],
    })
    return (await call("GET", `/messages/alt:uid:${row?.uid}`, { token: apiToken })).body
  }

  const conversationOf = async (id: string) => lastSegment((await messageOf(id))._links.related.conversation)
  async function viewsOf(id: string) {
    const answer = await call("GET", `/causeway/conversations/${await conversationOf(id)}/calls`, { token: apiToken })
    expect(answer.status).toBe(200)
    return answer.body.calls
  }
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const viewOf = async (id: string) => (await viewsOf(id)).find((view: any) => view.external_id === id)

  async function eventsOf(id: string): Promise<string[]> {
    const rows = await story.server.services.db.query<{ type: string }>({
      text: `select event.type from event join message on message.company_id = event.company_id and message.id = event.message_id
             where message.external_id = $1 and event.is_public order by event.position`,
      values: [id],
    })
    return rows.map((row) => row.type)
  }

  const record = (id: string, form: FormData): Promise<Reply> =>
    call("POST", `${calls}/${encodeURIComponent(id)}/recording`, { token: token(), form })

  return {
    ...story,
    token,
    calls,
    begin,
    post,
    move,
    begun,
    messageOf,
    conversationOf,
    viewsOf,
    viewOf,
    eventsOf,
    record,
  }
}
