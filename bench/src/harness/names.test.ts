import { Resolver } from "node:dns/promises"
import { afterAll, expect, test } from "vitest"
import { type NameAnswer, openNames } from "./names.ts"

const answers: Record<string, NameAnswer> = {
  "both.test": { addresses: ["192.0.2.1", "2001:db8::1"], ttlSeconds: 30 },
  "alias.test": { cname: "both.test" },
  "round.test": { cname: "round.test" },
  "late.test": { addresses: ["192.0.2.2"], delayMs: 50 },
  "missing.test": "NXDOMAIN",
  "broken.test": "SERVFAIL",
  "refused.test": "REFUSED",
  "garbage.test": "garbage",
  "silent.test": "silence",
}
const names = await openNames((name, nth) =>
  name === "moving.test" ? { addresses: [`192.0.2.${nth}`] } : (answers[name] ?? "NXDOMAIN"),
)
const resolver = new Resolver({ timeout: 150, tries: 1 })
resolver.setServers([`127.0.0.1:${names.port}`])
afterAll(() => names.close())

const codeOf = (name: string) => resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error.code)

test("names have addresses of both families with their ttl, their aliases too, late if told so", async () => {
  expect(await resolver.resolve4("both.test", { ttl: true })).toEqual([{ address: "192.0.2.1", ttl: 30 }])
  expect(await resolver.resolve6("alias.test")).toEqual(["2001:db8::1"])
  expect(await resolver.resolve4("late.test")).toEqual(["192.0.2.2"])
})

test("an answer may change from question to question, and questions are counted", async () => {
  expect([await resolver.resolve4("moving.test"), await resolver.resolve4("moving.test")]).toEqual([
    ["192.0.2.1"],
    ["192.0.2.2"],
  ])
  expect(names.asked.get("moving.test")).toBe(2)
})

test("trouble of each kind is what a resolver takes it for", async () => {
  expect(await codeOf("missing.test")).toBe("ENOTFOUND")
  expect(await codeOf("broken.test")).toBe("ESERVFAIL")
  expect(await codeOf("refused.test")).toBe("EREFUSED")
  expect(await codeOf("silent.test")).toBe("ETIMEOUT")
  expect(await codeOf("round.test")).toEqual([])
  expect(["ETIMEOUT", "EBADRESP"]).toContain(await codeOf("garbage.test"))
})
