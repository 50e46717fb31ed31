import { createServer as createTlsServer } from "node:https"
import { afterEach, describe, expect, test } from "vitest"
import {
  authority,
  expiredCertificate,
  selfSignedCertificate,
  serverKey,
  validCertificate,
} from "../../../test/certificates.ts"
import { closeAll, dialerWith, httpServer, knowing, listening, nameServer, post, send } from "./dialer.story.ts"
import { createNames, type NameServer } from "./names.ts"

afterEach(closeAll)

describe("a name", () => {
  test("with a forbidden and an allowed address leads to the allowed one, and past one where nobody listens", async () => {
    const port = await httpServer((_request, response) => response.end("ok"))
    const names = knowing({ "two.test": ["169.254.169.254", "127.9.9.9", "127.0.0.1"] })
    const { outcome, address } = await send(`http://two.test:${port}/`, names)
    expect([outcome.kind, address]).toEqual(["answered", "127.0.0.1"])
  })

  test("on the allow list may lead to a loopback or private address, but never to a forbidden one", async () => {
    const port = await httpServer((_request, response) => response.end("ok"))
    const options = {
      allowLoopback: false,
      allowHosts: ["crm.test", "meta.test"],
      ...knowing({ "crm.test": ["127.0.0.1"], "meta.test": ["169.254.169.254"] }),
    }
    expect((await send(`http://crm.test:${port}/`, options)).outcome).toMatchObject({ status: 200 })
    expect((await send("http://meta.test/", options)).outcome).toMatchObject({ code: "address_blocked" })
  })

  test("that is slow holds up no other", async () => {
    const port = await httpServer((_request, response) => response.end("ok"))
    const dialer = dialerWith({
      names: createNames({ nameServer: nameServer({ "slow.test": "slow", "quick.test": ["127.0.0.1"] }) }),
    })
    const slow = Array.from({ length: 50 }, () => dialer.start(post("http://slow.test/"), { limitMs: 5_000 }))
    const started = performance.now()
    expect((await dialer.start(post(`http://quick.test:${port}/`), { limitMs: 5_000 }).report).outcome).toMatchObject({
      status: 200,
    })
    expect(performance.now() - started).toBeLessThan(500)
    for (const exchange of slow) exchange.abort()
  })

  test("is asked for once, however many wait for it", async () => {
    let questions = 0
    const known = nameServer({ "acme.test": ["10.0.0.1"] })
    const counting: NameServer = {
      ...known,
      resolve4: (...question) => {
        questions++
        return known.resolve4(...question)
      },
    }
    const names = createNames({ nameServer: counting })
    await Promise.all([1, 2, 3].map(() => names.resolve("Acme.test.")))
    expect(await names.resolve("acme.test")).toEqual({ addresses: ["10.0.0.1"] })
    expect(questions).toBe(1)
  })
})

describe("over TLS", () => {
  const names = () => knowing({ "hooks.acme.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] })
  const secure = (cert: string) =>
    listening(createTlsServer({ key: serverKey, cert }, (_request, response) => response.end("ok")))

  test("a partner with a good certificate is reached, by name", async () => {
    const port = await secure(validCertificate)
    const { outcome, timing } = await send(`https://hooks.acme.test:${port}/`, { ca: authority, ...names() })
    expect(outcome).toMatchObject({ status: 200, body: "ok" })
    expect(timing.tls).toBeGreaterThanOrEqual(timing.connect ?? Infinity)
  })

  test.each([
    ["that nobody vouches for", validCertificate, "hooks.acme.test", undefined, "tls_failed", /cannot be verified/],
    ["that is self-signed", selfSignedCertificate, "hooks.acme.test", undefined, "tls_self_signed", /self-signed/],
    ["that has expired", expiredCertificate, "hooks.acme.test", authority, "tls_expired", /has expired$/],
    ["for another name", validCertificate, "other.test", authority, "tls_wrong_name", /is for another name$/],
  ])("a certificate %s ends it before anything is written", async (_what, cert, host, ca, code, reason) => {
    const port = await secure(cert)
    const { outcome } = await send(`https://${host}:${port}/`, { ...(ca !== undefined && { ca }), ...names() })
    expect(outcome).toMatchObject({ kind: "fault", code, written: false, reason: expect.stringMatching(reason) })
  })

  test("a server that does not speak it is told from one that fails", async () => {
    const port = await httpServer((_request, response) => response.end("ok"))
    const { outcome } = await send(`https://hooks.acme.test:${port}/`, names())
    expect(outcome).toMatchObject({
      code: "tls_failed",
      written: false,
      reason: expect.stringMatching(/does not speak TLS/),
    })
  })
})
