import { afterAll, expect, test } from "vitest"
import { type CallOptions, startStory } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken } = story

const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0x0a])
const file = await messageWithFile()

async function messageWithFile() {
  const sent = new File([bytes], "Vertrag für Mia.pdf", { type: "application/pdf" })
  const accepted = await story.customerSends(sent, "The contract")
  const message = (await story.message(accepted)).body
  const [attachment] = message.attachments
  return { url: attachment.url as string, messageId: message.id as string, id: attachment.id as string }
}

const paths = [`/messages/${file.messageId}/download/${file.id}`, `/download/${file.id}`]

async function fetched(path: string, options: CallOptions) {
  const response = await fetch(story.server.url + path, {
    headers: { ...(options.token && { authorization: `Bearer ${options.token}` }), ...options.headers },
    redirect: "manual",
  })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

async function tokenOf(scopes: string[]): Promise<string> {
  return (await call("POST", "/causeway/tokens", { token: apiToken, json: { name: "t", scopes } })).body.token
}

test("the link of an attachment is on the origin that was called, and in the form that clients' allow lists know", () => {
  expect(file.url).toBe(`${story.server.url}/messages/${file.messageId}/download/${file.id}`)
})

test("a file comes whole and at once to every credential that may read it, on both paths", async () => {
  const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: "correct horse battery" },
  })
  const cookie = String(signedIn.headers.get("set-cookie")).split(";")[0] as string
  const credentials: CallOptions[] = [
    { token: story.channelToken() },
    { token: story.channelToken({ iss: Number(story.app.uid) }) },
    { token: await tokenOf(["attachments:read"]) },
    { headers: { cookie } },
  ]
  for (const path of paths) {
    for (const credential of credentials) {
      const answer = await fetched(path, credential)
      expect(answer.status).toBe(200)
      expect(answer.bytes).toEqual(bytes)
      expect(answer.headers.get("content-type")).toBe("application/pdf")
      expect(answer.headers.get("content-length")).toBe(String(bytes.length))
      expect(answer.headers.get("content-disposition")).toContain("filename*=UTF-8''Vertrag%20f%C3%BCr%20Mia.pdf")
      expect(answer.headers.get("x-ratelimit-remaining")).toMatch(/^\d+$/)
    }
  }
})

test("nobody, a token without the scope, another channel and another message get nothing", async () => {
  const second = await story.connect("Second")
  const other = await messageWithFile()
  for (const path of paths) {
    expect((await fetched(path, {})).status).toBe(401)
    expect((await fetched(path, { token: await tokenOf(["messages:read"]) })).status).toBe(403)
    expect((await fetched(path, { token: story.channelToken({ sub: second }) })).status).toBe(404)
  }
  const crossed = await call("GET", `/messages/${other.messageId}/download/${file.id}`, { token: apiToken })
  const missing = await call("GET", `/messages/${other.messageId}/download/fil_zzzzzzzz`, { token: apiToken })
  expect(crossed.status).toBe(404)
  expect(crossed.text.replace(file.id, "ID")).toBe(missing.text.replace("fil_zzzzzzzz", "ID"))
})

test("a player gets the part of a file that it asks for, and the whole one where no part of it is asked for", async () => {
  const part = async (range: string) => {
    const answer = await fetched(paths[0] as string, { token: story.channelToken(), headers: { range } })
    return [answer.status, answer.headers.get("content-range"), [...answer.bytes]]
  }
  expect(await part("bytes=1-2")).toEqual([206, "bytes 1-2/7", [0x50, 0x44]])
  expect(await part("bytes=5-")).toEqual([206, "bytes 5-6/7", [0xff, 0x0a]])
  expect(await part("bytes=-3")).toEqual([206, "bytes 4-6/7", [0x00, 0xff, 0x0a]])
  expect(await part("bytes=4-900")).toEqual([206, "bytes 4-6/7", [0x00, 0xff, 0x0a]])
  for (const odd of ["bytes=7-", "bytes=3-1", "bytes=-", "bytes=-0", "lines=1-2", "bytes=0-1,3-4"])
    expect(await part(odd)).toEqual([200, null, [...bytes]])
})
