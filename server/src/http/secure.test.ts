import { copyFile, utimes, writeFile } from "node:fs/promises"
import { type RequestOptions, request } from "node:https"
import { join } from "node:path"
import { connect } from "node:tls"
import { afterAll, expect, test } from "vitest"
import { authority, expiredCertificate, serverKey, validCertificate } from "../../../test/certificates.ts"
import { temporaryDir } from "../../../test/database.ts"
import { ana, testConfig } from "../../../test/story.ts"
import { startServer } from "../app.ts"
import { createLog } from "../log.ts"
import { createSecureFront } from "./secure.ts"
import { createHttpServer } from "./server.ts"

const dir = await temporaryDir("tls")
const files = { certificate: join(dir, "inbox.pem"), key: join(dir, "inbox.key") }
await writeFile(files.certificate, validCertificate)
await writeFile(files.key, serverKey)
const server = await startServer(await testConfig({ tls: files, host: "0.0.0.0" }))
afterAll(() => server.close())
const port = Number(new URL(server.url).port)

/** As a browser asks that trusts the authority, by the name in the certificate. */
function ask(method: string, path: string, options: RequestOptions & { json?: object } = {}) {
  const { json, headers, ...rest } = options
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const to = { host: "127.0.0.1", servername: "hooks.acme.test", port, ca: authority, agent: false as const }
    const sent = { host: `hooks.acme.test:${port}`, "content-type": "application/json", ...headers }
    const asking = request({ ...to, ...rest, method, path, headers: sent }, async (answer) => {
      const pieces: Buffer[] = []
      for await (const piece of answer) pieces.push(piece as Buffer)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(pieces).toString() })
    })
    asking.on("error", reject)
    asking.end(json === undefined ? undefined : JSON.stringify(json))
  })
}

test("with a certificate the server speaks HTTPS by itself: cookies are Secure, links are https, and browsers are told to stay", async () => {
  expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const made = await ask("POST", "/causeway/setup", { json: { code: server.setupCode, ...ana, company: "Acme" } })
  expect(made.status, made.text).toBe(201)
  expect(made.headers["strict-transport-security"]).toBe("max-age=31536000")
  const [cookie] = made.headers["set-cookie"] as string[]
  expect(cookie).toMatch(/^__Host-causeway-\w+=.*; Secure$/)
  const headers = { cookie: String(cookie).split(";")[0] }
  const inboxes = await ask("GET", "/inboxes", { headers })
  expect(inboxes.status).toBe(200)
  expect(JSON.parse(inboxes.text)._links.self).toBe(`https://hooks.acme.test:${port}/inboxes`)
})

test("nothing is answered in plain HTTP where others reach the server, and nothing by TLS before 1.2 or with a weak cipher", async () => {
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  const talk = (options: object) =>
    new Promise<string>((resolve) => {
      const to = { host: "127.0.0.1", port, servername: "hooks.acme.test", ca: authority, ...options }
      const socket = connect(to, () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`)
        socket.destroy()
      })
      socket.on("error", () => resolve("refused"))
    })
  expect(await talk({})).toBe("TLSv1.3 TLS_AES_256_GCM_SHA384")
  expect(await talk({ maxVersion: "TLSv1.2" })).toMatch(/^TLSv1\.2 ECDHE-ECDSA-AES256-GCM-SHA384$/)
  expect(await talk({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" })).toBe("refused")
  expect(await talk({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-SHA:AES128-SHA" })).toBe("refused")
  expect((await ask("GET", "/healthz")).status).toBe(200)
})

test("a renewed certificate is taken without a restart, one that cannot be used is not, and at the start neither", async () => {
  const own = { certificate: join(dir, "own.pem"), key: join(dir, "own.key") }
  await copyFile(files.certificate, own.certificate)
  await copyFile(files.key, own.key)
  const app = createHttpServer(createLog("silent"))
  await app.ready()
  const front = await createSecureFront(app, own, createLog("silent"))
  const at = { port: await front.listen({ host: "127.0.0.1", port: 0 }) }
  const shown = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", ...at, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().valid_to)
        socket.destroy()
      })
      socket.on("error", reject)
    })
  const replaceWith = async (certificate: string) => {
    await writeFile(own.certificate, certificate)
    await utimes(own.certificate, new Date(), new Date(Date.now() + 1000))
    await front.renew()
  }
  try {
    const first = await shown()
    await replaceWith("not a certificate")
    expect(await shown()).toBe(first)
    await replaceWith(expiredCertificate)
    expect(await shown()).toContain("2020")
  } finally {
    await front.close()
    await app.close()
  }
  await writeFile(own.certificate, "not a certificate")
  await expect(createSecureFront(app, own, createLog("silent"))).rejects.toThrow(
    "CAUSEWAY_TLS_CERT and CAUSEWAY_TLS_KEY cannot be used",
  )
})
