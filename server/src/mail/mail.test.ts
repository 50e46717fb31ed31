import { createServer, type Socket } from "node:net"
import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { signIn } from "../teammates/people.story.ts"

/** A mail server that takes everything, or refuses everybody; one session after the other. */
async function startMailServer() {
  const server = createServer()
  const taken: string[] = []
  const state = { refuses: false }
  server.on("connection", (socket: Socket) => {
    let isData = false
    let text = ""
    socket.write("220 mail.test\r\n")
    socket.on("data", (part) => {
      text += part
      for (let end = text.indexOf("\r\n"); end !== -1 && !isData; end = text.indexOf("\r\n")) {
        const line = text.slice(0, end)
        text = text.slice(end + 2)
        isData = line === "DATA"
        const answer = isData ? "354 Go on" : line.startsWith("MAIL") && state.refuses ? "550 No" : "250 Fine"
        socket.write(`${line === "QUIT" ? "221 Bye" : answer}\r\n`)
      }
      if (!isData || !text.includes("\r\n.\r\n")) return
      taken.push(text.slice(0, text.indexOf("\r\n.\r\n")).replaceAll("=\r\n", "").replaceAll("=3D", "="))
      text = ""
      isData = false
      socket.write("250 Taken\r\n")
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as { port: number }
  return { url: `smtp://127.0.0.1:${port}`, taken, state, close: () => server.close() }
}

const mails = await startMailServer()
const story = await startStory({ mail: { url: mails.url, from: "Acme <inbox@acme.test>" } })
afterAll(async () => {
  await story.close()
  mails.close()
})

test("an invitation is mailed, and its link in the mail is the one that is answered", async () => {
  const answer = await story.call("POST", "/causeway/invitations", {
    token: story.apiToken,
    json: { email: "bo@example.test" },
  })
  expect(answer.body.mail, answer.text).toBe("sent")
  const [mail = ""] = mails.taken
  expect(mail).toContain("To: bo@example.test")
  expect(mail).toContain("From: Acme <inbox@acme.test>")
  expect(mail).toContain("Subject: Join Acme on Causeway")
  expect(mail).toContain(answer.body.url)
})

test("a mail server that refuses leaves the link to be copied", async () => {
  mails.state.refuses = true
  const call = await signIn(story)
  const { body: me } = await call("GET", "/causeway/session")
  const reset = await call("POST", `/causeway/teammates/${me.teammate.id}/password_reset`)
  expect([reset.status, reset.body.mail]).toEqual([201, "failed"])
  expect(reset.body.url).toMatch(/\/app\/welcome#/)
})
