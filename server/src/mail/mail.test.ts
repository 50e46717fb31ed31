import { createServer, type Socket } from "node:net"
import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { createLog } from "../log.ts"
import { signIn } from "../teammates/people.story.ts"
import { createMailer, transportOf } from "./mailer.ts"

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
        const isRefused = line === "STARTTLS" || (line.startsWith("MAIL") && state.refuses)
        const answer = isData ? "354 Go on" : isRefused ? "550 No" : "250 Fine"
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

test("nothing is told to a mail server elsewhere that cannot speak TLS, unless the operator says so", async () => {
  const mailed = createMailer({ url: `${mails.url}?tls=required`, from: "inbox@acme.test" }, createLog("silent"))
  const before = mails.taken.length
  mails.state.refuses = false
  expect(await mailed.send({ to: "bo@example.test", subject: "Join", text: "a link" })).toBe("failed")
  expect(mails.taken).toHaveLength(before)
  const required = ["smtp://a:b@mail.example.com", "smtp://mail.example.com?tls=optional", "smtp://localhost:25"]
  expect(required.map((url) => transportOf(url).requireTLS)).toEqual([true, false, false])
})
