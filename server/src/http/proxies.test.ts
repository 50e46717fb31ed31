import { afterAll, expect, test } from "vitest"
import { createLog } from "../log.ts"
import { addressOf, trustOf } from "./proxies.ts"
import { createHttpServer, type Reach } from "./server.ts"

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }) as unknown as Parameters<
    typeof addressOf
  >[0]

test("a caller's address is read from right to left, past proxies that are believed and no further", () => {
  const trust = trustOf(["loopback", "10.0.0.0/8", "2001:db8::1"])
  for (const [remote, forwarded, expected] of [
    ["127.0.0.1", undefined, "127.0.0.1"],
    ["127.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["::1", "2001:db8::7", "2001:db8::7"],
    // What stands further left is the client's own word.
    ["127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"],
    ["127.0.0.1", "10.1.2.3, 10.1.2.4", "10.1.2.3"],
    // Nobody else is believed.
    ["203.0.113.50", "198.51.100.1", "203.0.113.50"],
    ["2001:db8::2", "198.51.100.1", "2001:db8::2"],
    ["2001:db8::1", "198.51.100.1", "198.51.100.1"],
    // With a port, and what is no address.
    ["127.0.0.1", "203.0.113.9:4711", "203.0.113.9"],
    ["127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"],
    ["127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
    ["127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"],
    ["127.0.0.1", "203.0.113.9, <script>, 10.1.2.3", "10.1.2.3"],
    ["127.0.0.1", "", "127.0.0.1"],
  ])
    expect([remote, forwarded, addressOf(from(remote as string, forwarded), trust)]).toEqual([
      remote,
      forwarded,
      expected,
    ])
  for (const wrong of ["proxy.internal", "10.0.0.0/33", "10.0.0.0/0", "10.0.0.0/8/8", "10.0.0.0/", "::1/129"])
    expect(() => trustOf([wrong]), wrong).toThrow(wrong)
})

const servers: { close(): Promise<void> }[] = []
afterAll(() => Promise.all(servers.map((server) => server.close())))

async function told(reach: Reach, headers: Record<string, string>): Promise<unknown> {
  const app = createHttpServer(createLog("silent"), reach)
  servers.push(app)
  app.get("/", async ({ address, origin }) => ({ address, origin: origin.replace(/:\d+$/, "") }))
  const url = await app.listen({ port: 0, host: "127.0.0.1" })
  return (await fetch(url, { headers })).json()
}

test("whether https is spoken in front is believed of a named proxy, or known where the address that people use is asked for", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-host": "evil.test" }
  expect(await told({}, headers)).toEqual({ address: "127.0.0.1", origin: "http://127.0.0.1" })
  expect(await told({ trustedProxies: ["10.0.0.1"] }, headers)).toEqual({
    address: "127.0.0.1",
    origin: "http://127.0.0.1",
  })
  expect(await told({ trustedProxies: ["loopback"] }, headers)).toEqual({
    address: "203.0.113.9",
    origin: "https://127.0.0.1",
  })
  expect(await told({ publicUrl: "https://inbox.example.com" }, headers)).toEqual({
    address: "127.0.0.1",
    origin: "http://127.0.0.1",
  })
})
