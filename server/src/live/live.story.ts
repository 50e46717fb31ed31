import type { LiveChange } from "@causeway/contract/inbox"
import type { ConversationPresence, CustomerTyping } from "@causeway/contract/inbox-presence"
import { ana, type Story } from "../../../test/story.ts"

/** What a browser hears. */
export interface Listener {
  /** The next change of one of these types; others are passed over. */
  next(...types: string[]): Promise<LiveChange>
  /** The next word of who is at a conversation; changes before it are passed over. */
  nextPresence(): Promise<ConversationPresence>
  /** The next word of a customer who is writing, or has stopped; everything else before it is passed over. */
  nextTyping(): Promise<CustomerTyping>
  close(): void
}

interface Heard {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: what each event carries is said by its name
  data: any
}

/** The live stream of whoever has this address, from now on. */
export async function listen(story: Story, email = ana.email): Promise<Listener> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", { json: { email, password: ana.password } })
  const cookie = String(answer.headers.get("set-cookie")).split(";")[0] as string
  const ending = new AbortController()
  const response = await fetch(`${story.server.url}/causeway/live`, { headers: { cookie }, signal: ending.signal })
  const events = eventsOf(response)
  async function until(isWanted: (heard: Heard) => boolean) {
    for (;;) {
      const { value, done } = await events.next()
      if (done) throw new Error("the stream has ended")
      if (isWanted(value)) return value.data
    }
  }
  return {
    next: (...types) => until(({ event, data }) => event === "change" && types.includes(data.type)),
    nextPresence: () => until(({ event }) => event === "presence"),
    nextTyping: () => until(({ event }) => event === "typing"),
    close: () => ending.abort(),
  }
}

async function* eventsOf(response: Response): AsyncGenerator<Heard, void> {
  if (response.body === null) throw new Error(`no stream: ${response.status}`)
  let text = ""
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    const frames = text.split("\n\n")
    text = frames.pop() ?? ""
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      const event = /^event: (.*)$/m.exec(frame)?.[1]
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) }
    }
  }
}
