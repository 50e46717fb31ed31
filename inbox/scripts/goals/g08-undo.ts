import { signIn } from "../../../test/people.ts"
import { startStory, unique } from "../../../test/story.ts"
import type { Goal } from "./goal.ts"

const atOnce = 25
const until = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const goal: Goal = {
  id: "G8",
  goal: "1,000 undos at random times, the server restarted meanwhile: nothing undone reaches a channel, nothing else is lost",
  async run(full) {
    const total = full ? 1_000 : 100
    const story = await startStory({ heldClock: false })
    try {
      const ana = await signIn(story)
      const undone = new Set<string>()
      const kept = new Set<string>()
      async function one(): Promise<void> {
        const sender = { handle: unique("undo") }
        const message = await story.message(await story.customerWrites("Hello", { sender }))
        const id = String(message.body._links.related.conversation).split("/").at(-1)
        const json = { body: "<p>Hi.</p>", text: "Hi.", options: { undo_seconds: 1 } }
        const sent = await ana("POST", `/conversations/${id}/messages`, { json })
        const reply = await ana("GET", `/messages/alt:uid:${sent.body.message_uid}`)
        // Around the end of its window, where it matters.
        await until(Math.random() * 1_600)
        const answer = await ana("POST", `/causeway/messages/${reply.body.id}/undo`).catch(() => null)
        // Cut off by the restart: whether it was undone is asked afterwards.
        const isUndone = answer === null ? (await settled(reply.body.id)) === 404 : answer.status === 200
        ;(isUndone ? undone : kept).add(reply.body.id)
      }
      const settled = async (id: string): Promise<number> => (await ana("GET", `/messages/${id}`)).status
      for (let at = 0; at < total; at += atOnce) {
        await Promise.all(Array.from({ length: Math.min(atOnce, total - at) }, one))
        if ((at / atOnce) % 4 === 1) await story.restart()
      }
      const arrived = (): string[] =>
        story.partner.received
          .filter(({ body }) => body?.type === "message")
          .map(({ body }) => String(body?.payload.id))
      for (let tries = 0; tries < 100 && new Set(arrived()).size < kept.size; tries += 1) await until(100)
      const reached = arrived()
      const escaped = reached.filter((id) => undone.has(id)).length
      const lost = [...kept].filter((id) => !reached.includes(id)).length
      const doubled = reached.length - new Set(reached).size
      return {
        figure: `${undone.size} undone, ${escaped} of them reached the channel; ${kept.size} sent, ${lost} lost, ${doubled} doubled`,
        reached: escaped === 0 && lost === 0 && doubled === 0,
      }
    } finally {
      await story.close()
    }
  },
}
