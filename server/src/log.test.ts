import { expect, test } from "vitest"
import { asOutage, watchOutages } from "./database/outage.ts"
import { createLog, forPeople } from "./log.ts"

const listen = (level = "info") => {
  const lines: string[] = []
  const to = { write: (line: string) => void lines.push(line) }
  return { lines, to, log: createLog(level, to), said: () => lines.map((line) => JSON.parse(line)) }
}
const refused = () => asOutage(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }))

test("while the database is lost, one line says so, and none each second from everybody who asks it", () => {
  const { log, said } = listen()
  const outages = watchOutages(log)
  for (let n = 0; n < 3; n++) {
    outages.failed(refused())
    log.warn({ err: refused() }, "rules.cannot_look")
  }
  outages.answered() // at once after a failure: not steady yet
  expect(said()).toMatchObject([{ msg: "database.lost", reason: "connect ECONNREFUSED" }])
})

test("what is lost with the database is said each time, and at debug everything", () => {
  const { log, said } = listen("debug")
  log.error({ err: refused(), delivery_id: 7 }, "delivery.not_settled")
  log.warn({ err: refused() }, "rules.cannot_look")
  expect(said()).toMatchObject([
    { level: 50, msg: "delivery.not_settled", delivery_id: "dlv_7" },
    { level: 20, msg: "rules.cannot_look" },
  ])
})

test("a statement that took too long is its own trouble: nothing is lost, and its warning stays", () => {
  const { log, said } = listen()
  const slow = asOutage(Object.assign(new Error("canceling statement"), { code: "57014" }))
  watchOutages(log).failed(slow)
  log.warn({ err: slow }, "rules.cannot_look")
  expect(said()).toMatchObject([{ level: 40, msg: "rules.cannot_look" }])
})

test("on a terminal a line is short, has every fact, and the stack only of an error", () => {
  const { lines, to } = listen()
  const log = createLog("info", forPeople(to))
  log.warn({ channel_id: 5, err: new Error("nobody there") }, "relay.not_withdrawn")
  log.error({ err: new Error("a bug"), token: "t-1" }, "http.bug")
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d warn relay\.not_withdrawn channel_id="cha_5" nobody there\n$/)
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error http\.bug token="\[hidden\]" Error: a bug\n {4}at /)
})

test("a line names things as the API does, whoever writes it, and keeps what is no id", () => {
  const { log, said } = listen()
  log.info({ company_id: 1_000_000, delivery_id: 1_000_023, channel_id: null, attempt: 2 }, "delivery.attempted")
  log.info({ company_id: "cmp_lfls", webhook_id: 36, count: 7 }, "webhook.paused")
  expect(said()).toMatchObject([
    { company_id: "cmp_lfls", delivery_id: "dlv_lfmf", channel_id: null, attempt: 2 },
    { company_id: "cmp_lfls", webhook_id: "whk_10", count: 7 },
  ])
})
