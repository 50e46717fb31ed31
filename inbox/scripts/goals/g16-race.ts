import { hire, signIn } from "../../../test/people.ts"
import { startStory, unique } from "../../../test/story.ts"
import type { Goal } from "./goal.ts"

export const goal: Goal = {
  id: "G16",
  goal: "two teammates race to reply, 500 times: no blind double, and the loser is shown the other's message",
  async run(full) {
    const races = full ? 500 : 60
    const story = await startStory()
    try {
      const [ana, bo] = [await signIn(story), (await hire(story, "Bo Reed")).call]
      let blind = 0
      for (let race = 0; race < races; race += 1) {
        const sender = { handle: unique("racer") }
        const message = await story.message(await story.customerWrites("Anybody?", { sender }))
        const id = String(message.body._links.related.conversation).split("/").at(-1)
        const opened = await ana("GET", `/causeway/conversations/${id}`)
        const based_on_seq = Number(opened.body.cursor.split("-").at(-1))
        const json = { body: "<p>Yes.</p>", text: "Yes.", based_on_seq }
        const answers = await Promise.all(
          [ana, bo].map((call) => call("POST", `/conversations/${id}/messages`, { json })),
        )
        const winner = answers.find(({ status }) => status === 202)
        const loser = answers.find(({ status }) => status === 409)
        const won = await ana("GET", `/messages/alt:uid:${winner?.body.message_uid}`)
        const shown = (loser?.body._error.newcomers ?? []).map((newcomer: { id: string }) => newcomer.id)
        if (!shown.includes(won.body?.id)) blind += 1
      }
      return { figure: `${blind} blind doubles of ${races} races`, reached: blind === 0 }
    } finally {
      await story.close()
    }
  },
}
