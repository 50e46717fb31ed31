import type { LiveChange } from "@causeway/contract/inbox"
import { ana, type Story } from "../../../test/story.ts"

/** What a browser hears. */
export interface Listener {
  /** The next change of one of these types; others are passed over. */
  next(...types: string[]): Promise<LiveChange>
  close(): void
}

/** The live stream of whoever has this address, from now on. */
export async function listen(story: Story, email = ana.email): Promise<Listener> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", { json: { email, password: ana.password } })
  const cookie = String(answer.headers.get("set-cookie")).split(";")[0] as string
  const ending = new AbortController()
  const response = await fetch(`${story.server.url}/causeway/live`, { headers: { cookie }, signal: ending.signal })
  const changes = changesOf(response)
  return {
    async next(...types) {
      for (;;) {
        const { value, done } = await changes.next()
        if (done) throw new Error("the stream has ended")
        if (types.includes(value.type)) return value
      }
    },
    close: () => ending.abort(),
  }
}

async function* changesOf(response: Response): AsyncGenerator<LiveChange, void> {
  if (response.body === null) throw new Error(`no stream: ${response.status}`)
  let text = ""
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    const frames = text.split("\n\n")
    text = frames.pop() ?? ""
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (frame.includes("event: change") && data !== undefined) yield JSON.parse(data)
    }
  }
}
