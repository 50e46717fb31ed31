import { afterAll, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { OutageError } from "../http/errors.ts"
import { createPool } from "./pool.ts"

const connectionString = await freshDatabase()
const db = createPool({ connectionString }, { connectionsMax: 2 })
afterAll(() => db.close())

const keys = async () =>
  (await db.query<{ key: string }>({ text: "select key from installation order by key" })).map(({ key }) => key)
const insert = (key: string) => ({ text: "insert into installation (key, value) values ($1, '')", values: [key] })

test("values come as ours: int8 a number, timestamptz a Date, infinity the last Date, a date text", async () => {
  const text = `select 9007199254740991::int8 as large, array[1, null]::int8[] as list, '2026-01-02 03:04:05.678+00'::timestamptz as instant,
    'infinity'::timestamptz as never, '2026-01-02'::date as day, '{"a": [1]}'::jsonb as json, array['2026-01-02 00:00:00+00']::timestamptz[] as instants`
  expect(await db.query({ text })).toEqual([
    {
      large: Number.MAX_SAFE_INTEGER,
      list: [1, null],
      instant: new Date("2026-01-02T03:04:05.678Z"),
      never: new Date(8.64e15),
      day: "2026-01-02",
      json: { a: [1] },
      instants: [new Date("2026-01-02T00:00:00Z")],
    },
  ])
})

test("a bigint that no number can hold is a bug and not another number", async () => {
  await expect(db.query({ text: "select 9007199254740992::int8" })).rejects.toThrow("does not fit a number")
})

test("what a transaction did is kept when its work resolves, and gone when it throws", async () => {
  await db.tx((tx) => tx.query(insert("kept")))
  const failing = db.tx(async (tx) => {
    await tx.query(insert("gone"))
    throw new Error("changed my mind")
  })
  await expect(failing).rejects.toThrow("changed my mind")
  expect(await keys()).toEqual(["kept"])
})

test("a transaction whose failed statement was swallowed is not taken for kept", async () => {
  const swallowing = db.tx(async (tx) => {
    await tx.query(insert("lost"))
    await tx.query({ text: "select 1/0" }).catch(() => {})
  })
  await expect(swallowing).rejects.toThrow("the transaction was rolled back")
  expect(await keys()).not.toContain("lost")
})

test("a refused statement keeps its SQLSTATE and is no outage", async () => {
  const refused = await db.query(insert("kept")).catch((error: unknown) => error)
  expect(refused).not.toBeInstanceOf(OutageError)
  expect(refused).toMatchObject({ code: "23505" })
})

test("of two transactions that wait for each other one begins again, and both are kept", async () => {
  await db.tx(async (tx) => {
    for (const key of ["left", "right"]) await tx.query(insert(key))
  })
  let tries = 0
  const both = { began: 0, resolve: () => {} }
  const met = new Promise<void>((resolve) => {
    both.resolve = resolve
  })
  const lockBoth = (first: string, second: string) =>
    db.tx(async (tx) => {
      tries++
      await tx.query({ text: "set local deadlock_timeout = '20ms'" })
      const append = (key: string) => ({
        text: "update installation set value = value || 'x' where key = $1",
        values: [key],
      })
      await tx.query(append(first))
      if (++both.began === 2) both.resolve()
      await met
      await tx.query(append(second))
    })
  await Promise.all([lockBoth("left", "right"), lockBoth("right", "left")])
  expect(tries).toBeGreaterThan(2)
  const text = "delete from installation where key in ('left', 'right') returning value"
  expect(await db.query({ text })).toEqual([{ value: "xx" }, { value: "xx" }])
})

test("a connection cut inside a transaction is an outage, and the next statement gets another", async () => {
  const cut = db.tx(async (tx) => {
    const [row] = await tx.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" })
    await db.query({ text: "select pg_terminate_backend($1)", values: [row?.pid] })
    await tx.query(insert("cut"))
  })
  await expect(cut).rejects.toBeInstanceOf(OutageError)
  expect(await keys()).toEqual(["kept"])
})

test("a connection cut between two statements does not end the process", async () => {
  const cut = db.tx(async (tx) => {
    const [row] = await tx.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" })
    await db.query({ text: "select pg_terminate_backend($1)", values: [row?.pid] })
    await db.query({ text: "select pg_sleep(0.05)" })
  })
  await expect(cut).rejects.toBeInstanceOf(OutageError)
  expect(await keys()).toEqual(["kept"])
})

test("a lock that somebody else keeps for longer than we wait is no outage: only who wanted it comes back", async () => {
  await db.tx(async (keeper) => {
    await keeper.query({ text: "select pg_advisory_xact_lock(7)" })
    const waiting = db.tx(async (tx) => {
      await tx.query({ text: "set local lock_timeout = 1" })
      await tx.query({ text: "select pg_advisory_xact_lock(7)" })
    })
    await expect(waiting).rejects.toMatchObject({ code: "55P03" })
  })
})

test("nobody there is an outage", async () => {
  const nobody = createPool({ host: "/nonexistent", user: "causeway", database: "causeway" })
  await expect(nobody.query({ text: "select 1" })).rejects.toBeInstanceOf(OutageError)
  await expect(nobody.tx(async () => {})).rejects.toBeInstanceOf(OutageError)
  await nobody.close()
})

test("every pooled connection has our limits", async () => {
  expect(await db.query({ text: "show statement_timeout" })).toEqual([{ statement_timeout: "30s" }])
  expect(await db.query({ text: "show idle_in_transaction_session_timeout" })).toEqual([
    { idle_in_transaction_session_timeout: "5s" },
  ])
})

test("COMMIT leaves with a transaction's last statement, and nothing may come after it", async () => {
  await db.tx((tx) => tx.query({ ...insert("last"), isLast: true }))
  expect(await keys()).toContain("last")
  const after = db.tx(async (tx) => {
    await tx.query({ ...insert("really last"), isLast: true })
    await tx.query(insert("too late"))
  })
  await expect(after).rejects.toThrow("a statement came after the last one")
  expect(await keys()).not.toContain("too late")
})

test("a last statement that is refused takes the whole transaction with it, says why, and leaves its connection in order", async () => {
  for (let n = 0; n < 4; n++) {
    const refused = db.tx((tx) =>
      Promise.all([tx.query(insert("gone with the last")), tx.query({ ...insert("kept"), isLast: true })]),
    )
    await expect(refused).rejects.toMatchObject({ code: "23505" })
  }
  expect(await keys()).not.toContain("gone with the last")
})

test("a statement that is refused before the last one is told as itself, and nothing is kept", async () => {
  const refused = db.tx((tx) =>
    Promise.all([tx.query(insert("kept")), tx.query({ ...insert("behind a refused one"), isLast: true })]),
  )
  await expect(refused).rejects.toMatchObject({ code: "23505" })
  expect(await keys()).not.toContain("behind a refused one")
})

test("a statement that is refused is told as itself, although one that left with it is heard of first", async () => {
  const heardLate = async (work: Promise<unknown>) => {
    for (let turns = 0; turns < 10; turns++) await null
    return await work
  }
  const refused = db.tx((tx) => {
    const first = tx.query(insert("kept")).catch((error: unknown) => heardLate(Promise.reject(error)))
    return Promise.all([first, tx.query({ ...insert("behind a refused one"), isLast: true })])
  })
  await expect(refused).rejects.toMatchObject({ code: "23505" })
})
