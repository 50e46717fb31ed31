import { createServer, type Server } from "node:net"
import { afterAll, expect, test } from "vitest"
import { type Reply, startStory, unique } from "../../../test/story.ts"

/** What every scanner finds. In two parts, so that none finds it here. Source: EICAR, "Anti-malware test file". */
const eicar = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

/** Speaks INSTREAM as clamd does; `says` answers what a file of these bytes is. */
const clamd = {
  scanned: 0,
  says: (content: string): string => (content.includes(eicar) ? "stream: Eicar-Test-Signature FOUND" : "stream: OK"),
  start(port: number): Promise<Server> {
    const server = createServer(async (socket) => {
      socket.on("error", () => {})
      let got = Buffer.alloc(0)
      let content = ""
      for await (const piece of socket) {
        got = Buffer.concat([got, piece as Buffer])
        if (content === "" && got.toString("latin1").startsWith("zINSTREAM\0")) got = got.subarray(10)
        while (got.length >= 4 && got.length >= 4 + got.readUInt32BE()) {
          const length = got.readUInt32BE()
          if (length === 0) {
            if (content !== "") clamd.scanned++
            return void socket.end(`${clamd.says(content)}\0`)
          }
          content += got.toString("latin1", 4, 4 + length)
          got = got.subarray(4 + length)
        }
      }
    })
    return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)))
  },
}
const stop = (server: Server) => new Promise((resolve) => server.close(resolve))

let server = await clamd.start(0)
const port = (server.address() as { port: number }).port
const story = await startStory({ clamd: { host: "127.0.0.1", port } })
afterAll(async () => {
  await story.close()
  await stop(server)
})

async function fileWith(content: string): Promise<string> {
  const file = new File([content], "bill.pdf", { type: "application/pdf" })
  const accepted = await story.customerSends(file, "Look at this")
  expect(accepted.status).toBe(202)
  return new URL((await story.message(accepted)).body.attachments[0].url).pathname
}

const read = (path: string, token = story.apiToken): Promise<Reply> => story.call("GET", path, { token })

test("a file in which the scanner finds something is kept from everyone, with a sentence that says so; others come whole", async () => {
  const [good, bad] = [await fileWith("x".repeat(300_000)), await fileWith(`a${eicar}`)]
  expect((await read(good)).text).toHaveLength(300_000)
  const id = bad.split("/").at(-1)
  for (const path of [bad, `/download/${id}`])
    for (const token of [story.apiToken, story.channelToken()]) {
      const refused = await read(path, token)
      expect(refused.status).toBe(403)
      expect(refused.body._error.message).toBe(
        "This file is kept from everyone: the virus scanner found Eicar-Test-Signature in it",
      )
      expect(refused.text).not.toContain("EICAR-STANDARD")
    }
})

test("many who open a file at once wait for one scan, and none is needed after it", async () => {
  const path = await fileWith(unique("often opened"))
  const before = clamd.scanned
  const answers = await Promise.all(Array.from({ length: 20 }, () => read(path)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect((await read(path)).status).toBe(200)
  expect(clamd.scanned - before).toBe(1)
})

test("while the scanner does not answer, or comes to no verdict, files are held back; they come once it does", async () => {
  const path = await fileWith(unique("held back"))
  const heldBack = async () => {
    const answer = await read(path)
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"])
    expect(answer.body._error.message).toContain("the file is held back until the virus scanner answers")
    expect(answer.text).not.toContain("held back_")
  }
  await stop(server)
  await heldBack()
  const { says } = clamd
  server = await clamd.start(port)
  for (const odd of ["INSTREAM size limit exceeded. ERROR", "", "stream: OK, perhaps"]) {
    clamd.says = () => odd
    await heldBack()
  }
  clamd.says = says
  expect((await read(path)).status).toBe(200)
})
