import { expect } from "vitest"
import { ana, startStory } from "../../test/story.ts"

/** What becomes true by itself: looked at again and again, for as long as a busy machine may need. */
export const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 })

/** The real platform as an example's test needs it: an app and a connected channel for the example, and somebody who reads and answers. */
export async function startPlatform() {
  const story = await startStory({ heldClock: false })
  const { call, apiToken: token } = story

  async function signIn(): Promise<string> {
    const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
      json: { email: ana.email, password: ana.password },
    })
    return String(signedIn.headers.get("set-cookie")).split(";")[0] as string
  }

  async function reportPresence(conversationId: string, state: string): Promise<void> {
    const cookie = await signIn()
    const told = await call("POST", `/causeway/conversations/${conversationId}/presence`, {
      json: { state, tab: "tab-of-ana" },
      headers: { cookie, "sec-fetch-site": "same-origin" },
    })
    if (told.status !== 200) throw new Error(`presence failed: ${told.text}`)
  }

  return {
    story,
    /** What a teammate's browser is told from now on of customers who are writing. */
    async listenForTyping() {
      const ending = new AbortController()
      const headers = { cookie: await signIn() }
      const { body } = await fetch(`${story.server.url}/causeway/live`, { headers, signal: ending.signal })
      const told: object[] = []
      const hear = async (stream: ReadableStream<Uint8Array>) => {
        let text = ""
        for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
          const frames = (text + piece).split("\n\n")
          text = frames.pop() ?? ""
          for (const frame of frames.filter((one) => one.includes("event: typing")))
            told.push(JSON.parse(/^data: (.*)$/m.exec(frame)?.[1] ?? "{}"))
        }
      }
      if (body === null) throw new Error("no live stream")
      hear(body as ReadableStream<Uint8Array>).catch(() => {}) // it is ended in the middle
      return { told, close: () => ending.abort() }
    },
    /** As webhooks name it: attachments are fetched from there. */
    apiUrl: story.server.url.replace("127.0.0.1", "localhost"),
    /** An app without a server yet. */
    async app(name: string, fields: object = {}) {
      const json = { name, webhook_url: "http://127.0.0.1:9/", ...fields }
      const { body } = await call("POST", "/causeway/apps", { token, json })
      return { uid: String(body.uid), secret: String(body.secret) }
    },
    /** Connects a channel of the app, whose server is at the address now. Returns `cha_…`. */
    async connect(uid: string, webhookUrl: string): Promise<string> {
      await call("PATCH", `/causeway/apps/${uid}`, { token, json: { webhook_url: webhookUrl } })
      const json = { type: "custom", name: "Example", application_uid: uid }
      const made = await call("POST", `/inboxes/${story.inboxId}/channels`, { token, json })
      if (made.status !== 204) throw new Error(`connect failed: ${made.text}`)
      return String(made.headers.get("location")).split("/").at(-1) as string
    },
    /** Conversations of the company, newest first. */
    async conversations() {
      return (await call("GET", "/conversations", { token })).body._results
    },
    /** Messages of a conversation, oldest first. */
    async messages(conversationId: string) {
      const { body } = await call("GET", `/conversations/${conversationId}/messages?limit=100`, { token })
      return body._results.toReversed()
    },
    /** A teammate answers. Returns the message's id. */
    async reply(
      conversationId: string,
      body: string,
      files: { name: string; type: string; bytes: Uint8Array<ArrayBuffer> }[] = [],
    ) {
      const form = new FormData()
      form.append("body", body)
      form.append("author_id", "alt:email:ana@example.test")
      for (const { name, type, bytes } of files) form.append("attachments", new Blob([bytes], { type }), name)
      const sent = await call("POST", `/conversations/${conversationId}/messages`, { token, form })
      if (sent.status !== 202) throw new Error(`reply failed: ${sent.text}`)
      return sent.body.message_uid as string
    },
    async message(uid: string) {
      return (await call("GET", `/messages/alt:uid:${uid}`, { token })).body
    },
    /** What became of a reply, as its teammate sees it. */
    async outcome(uid: string): Promise<{ state: string; code: string | null; reason: string | null } | undefined> {
      const [row] = await story.server.services.db.query<{ state: string; code: string | null; reason: string | null }>(
        {
          text: "select state, error_code as code, error_reason as reason from message where uid = $1",
          values: [uid],
        },
      )
      return row
    },
    /** Ana begins to write a reply, as her browser says it. */
    startReply: (conversationId: string) => reportPresence(conversationId, "replying"),
    leaveReply: (conversationId: string) => reportPresence(conversationId, "gone"),
    close: () => story.close(),
  }
}

export type TestPlatform = Awaited<ReturnType<typeof startPlatform>>
