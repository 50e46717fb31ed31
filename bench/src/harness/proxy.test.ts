import type { AddressInfo } from "node:net"
import { connect, createServer, type Socket } from "node:net"
import { createPool } from "@causeway/server/database/pool"
import { afterEach, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { type FaultProxy, openProxy } from "./proxy.ts"

const opened: (() => unknown)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

/** A server that sends back what it hears, behind a proxy, and a client of it. */
async function echo(): Promise<{ proxy: FaultProxy; client: Socket; heard: () => string; ended: Promise<string> }> {
  const server = createServer((socket) => socket.on("error", () => {}).pipe(socket))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const proxy = await openProxy({ to: { port: (server.address() as AddressInfo).port, host: "127.0.0.1" }, seed: 7 })
  const client = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true })
  let text = ""
  client.on("data", (piece) => {
    text += piece
  })
  const ended = new Promise<string>((resolve) => {
    client.on("end", () => resolve("end"))
    client.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
  })
  opened.push(
    () => server.close(),
    () => proxy.close(),
    () => client.destroy(),
  )
  await new Promise((resolve) => client.once("connect", resolve))
  return { proxy, client, heard: () => text, ended }
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

test("what goes in comes out, in slices too, and an end is passed on", async () => {
  const { proxy, client, heard, ended } = await echo()
  const text = Array.from({ length: 5_000 }, (_, i) => `${i} `).join("")
  proxy.set({ sliceBytes: 7 })
  client.end(text)
  expect(await ended).toBe("end")
  expect(heard()).toBe(text)
  expect(proxy.connections.made).toBe(1)
})

test("latency is added to each way, and a limit is kept", async () => {
  const { proxy, client, heard } = await echo()
  proxy.set({ latencyMs: 60 })
  client.write("a")
  expect(await timed(() => expect.poll(heard, { interval: 5 }).toBe("a"))).toBeGreaterThan(115)
  proxy.set({ limit: 1_000 }, "down")
  proxy.set({}, "up")
  client.write("b".repeat(200))
  expect(await timed(() => expect.poll(heard, { interval: 5 }).toHaveLength(201))).toBeGreaterThan(190)
})

test("what is held arrives later, in order; what is on a lost connection never does", async () => {
  const { proxy, client, heard } = await echo()
  proxy.set({ hold: true }, "up")
  client.write("held, ")
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(heard()).toBe("")
  proxy.set({})
  client.write("then sent")
  await expect.poll(heard).toBe("held, then sent")
  proxy.lose()
  client.write("lost")
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(heard()).toBe("held, then sent")
  expect(client.readyState).toBe("open")
})

test("a cut comes after its bytes, as an end or as a reset", async () => {
  const orderly = await echo()
  orderly.proxy.set({ cutAfterBytes: 3 }, "down")
  orderly.client.write("abcdef")
  expect(await orderly.ended).toBe("end")
  expect(orderly.heard()).toBe("abc")
  const rude = await echo()
  rude.proxy.set({ resetAfterBytes: 3 }, "down")
  rude.client.write("abcdef")
  expect(await rude.ended).toBe("ECONNRESET")
})

test("a slow close holds the end back, and who is refused is reset", async () => {
  const { proxy, client, ended } = await echo()
  proxy.set({ slowCloseMs: 80 })
  client.end("x")
  expect(await timed(() => ended)).toBeGreaterThan(150)
  proxy.refuse(true)
  const refused = connect({ port: proxy.port, host: "127.0.0.1" })
  const said = new Promise((resolve) => {
    refused.on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
    refused.on("close", () => resolve("closed"))
  })
  expect(await said).toBe("ECONNRESET")
})

test("a database that no longer answers is an outage soon, at once from then on, and is found again", async () => {
  const url = new URL((await freshDatabase()).replace("@/", "@localhost/"))
  const socket = `${url.searchParams.get("host")}/.s.PGSQL.5432`
  const proxy = await openProxy({ to: { path: socket }, seed: 1 })
  const db = createPool(
    { connectionString: `postgres://causeway@127.0.0.1:${proxy.port}${url.pathname}` },
    { connectionsMax: 3, silence: { lookEveryMs: 50, overdueMs: 100, answerMs: 250 } },
  )
  opened.push(
    () => proxy.close(),
    () => db.close(),
  )
  // A connection that lost its other end, while the database itself answers.
  const lost = db.tx(async (tx) => {
    await tx.query({ text: "select from installation for update" })
    proxy.lose()
    await tx.query({ text: "select 2" })
  })
  expect(await timed(() => expect(lost).rejects.toThrow("the database does not answer"))).toBeLessThan(2_000)
  // What it had locked is free.
  const holders = () =>
    db.query({ text: "select from pg_stat_activity where datname = current_database() and state like 'idle in %'" })
  await expect.poll(holders, { timeout: 30_000 }).toEqual([])
  await db.query({ text: "select 2" })
  proxy.set({ hold: true })
  const waited = await timed(() =>
    expect(db.query({ text: "select 3" })).rejects.toThrow("the database does not answer"),
  )
  expect(waited).toBeLessThan(2_000)
  expect(await timed(() => expect(db.query({ text: "select 4" })).rejects.toThrow("does not answer"))).toBeLessThan(50)
  proxy.set({})
  await expect
    .poll(() => db.query({ text: "select 5 as n" }).catch(() => null), { timeout: 30_000 })
    .toEqual([{ n: 5 }])
}, 20_000)

test("a statement that takes long is not taken for lost", async () => {
  const db = createPool(
    { connectionString: await freshDatabase() },
    { connectionsMax: 1, silence: { lookEveryMs: 50, overdueMs: 100, answerMs: 1_000 } },
  )
  opened.push(() => db.close())
  expect(await db.query({ text: "select pg_sleep(0.6), 1 as n" })).toMatchObject([{ n: 1 }])
})
