import { hostname, userInfo } from "node:os"
import { setTimeout as pause } from "node:timers/promises"
import { api, seg } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { forward, type Said } from "../forward.ts"
import { paint, parseDuration } from "../text.ts"
import { appOf } from "./channels.ts"

export const listen: Command = {
  options: {
    app: { value: "UID", text: "the app (CAUSEWAY_APP_UID)" },
    "forward-to": { value: "URL", text: "the server; http://localhost:3000/hooks unless given" },
    keep: { value: "SPAN", text: "how long webhooks wait when this program is away; 10m unless given" },
    "take-over": { text: "in place of whoever listens now" },
  },
  more: `The connection goes outwards, so nobody has to reach this machine: no tunnel, no address. The webhooks are the same, signed for the same
secret; what your server answers is the delivery's answer, within the same 7 seconds. A broken connection loses and repeats nothing. Ctrl-C waits
for the answers under way; then webhooks go to the app's address again.`,
  examples: [
    "causeway listen --app 61354762609432 --forward-to http://localhost:3000/hooks",
    "causeway listen --app 61354762609432 --forward-to http://localhost:3000/hooks --keep 1h --json",
  ],
  async run(call) {
    const to = URL.parse(call.option("forward-to") ?? "http://localhost:3000/hooks")
    if (to === null) throw usageFailure(`"${call.option("forward-to")}" is no address`, this.examples[0] as string)
    const keptSeconds = parseDuration(call.option("keep") ?? "10m")
    if (keptSeconds === null)
      throw usageFailure(`"${call.option("keep")}" is no span of time`, this.examples[1] as string)
    const listener = new Listener(call, to)
    await listener.open(appOf(call), { keptSeconds, takesOver: call.flag("take-over") })
    await listener.run()
    await listener.close()
    return exit.ok
  },
}

/** As `POST /causeway/listeners/{listener_id}/next` hands it over. */
interface RelayedWebhook {
  id: string
  delivery_id: string | null
  type: string
  request: { method: string; headers: Record<string, string>; body: string }
}

const retryMs = { first: 100, most: 5000 }
/** More than the platform waits for an answer: nobody wants it after that. */
const answerForMs = 32_000
const limitMs = 7000
const waitSeconds = 10

/** One listener from its opening to its end. */
class Listener {
  readonly #call: Call
  /** Goes on after Ctrl-C, for what has to be ended in order. */
  readonly #patient: Call
  readonly #to: URL
  readonly #running = new Set<Promise<void>>()
  #id = ""
  #turn = 1
  #isLive = true

  constructor(call: Call, to: URL) {
    this.#call = call
    this.#patient = { ...call, world: { ...call.world, signal: new AbortController().signal } }
    this.#to = to
  }

  async open(appUid: string, { keptSeconds, takesOver }: { keptSeconds: number; takesOver: boolean }): Promise<void> {
    const name = `${userInfo().username} at ${hostname()}`
    try {
      const { body } = await api(this.#call, "POST", `/causeway/apps/${seg(appUid)}/listener`, {
        body: { name, take_over: takesOver, kept_seconds: keptSeconds },
      })
      this.#id = body.listener_id
      this.#state("live", `live · ${body.app} → ${this.#to.href} · ${body.waiting} waiting`)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== exit.failed) throw error
      throw new Failure(
        exit.failed,
        error.message,
        `causeway listen --app ${appUid} --forward-to ${this.#to.href} --take-over`,
      )
    }
  }

  /** Hands on what comes until Ctrl-C. */
  async run(): Promise<void> {
    let waitMs = retryMs.first
    while (!this.#call.world.signal.aborted) {
      try {
        // After a break at once, so that "live" is said when it is true and not ten seconds later.
        const handed = await this.#take(this.#call, this.#isLive ? waitSeconds : 0)
        if (!this.#isLive) this.#state("live", `live · ${handed} caught up`)
        waitMs = retryMs.first
      } catch (error) {
        if (this.#call.world.signal.aborted) return
        if (error instanceof Failure && error.code === exit.notFound)
          throw new Failure(exit.failed, "somebody else listens to this app now", "causeway listen … --take-over")
        if (!(error instanceof Failure) || (error.code !== exit.network && error.code !== exit.timeout)) throw error
        this.#state("lost", `lost connection, trying again in ${waitMs / 1000} s (webhooks are kept)`)
        await pause(waitMs, null, { signal: this.#call.world.signal }).catch(() => {})
        waitMs = Math.min(waitMs * 2, retryMs.most)
      }
    }
  }

  /** Answers what was handed over to us, whether we had heard of it or not, and gives the app back. */
  async close(): Promise<void> {
    this.#state("ending", "ending: waiting for answers under way")
    try {
      await this.#take(this.#patient, 0)
      await Promise.all(this.#running)
      await api(this.#patient, "DELETE", `/causeway/listeners/${seg(this.#id)}`, { timeoutMs: 5000 })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#call.say(
        `the listener could not be ended (${error.message}): webhooks wait for it until its time is over\n`,
      )
    }
  }

  /** How many came. The turn moves on when its answer is here and not before: until then it can be asked for again. */
  async #take(call: Call, seconds: number): Promise<number> {
    const { body } = await api(call, "POST", `/causeway/listeners/${seg(this.#id)}/next`, {
      body: { turn: this.#turn, wait_seconds: seconds },
      timeoutMs: (seconds + 5) * 1000,
    })
    this.#turn = body.turn + 1
    for (const webhook of body.webhooks as RelayedWebhook[]) {
      const work: Promise<void> = this.#handOn(webhook).finally(() => this.#running.delete(work))
      this.#running.add(work)
    }
    return body.webhooks.length
  }

  async #handOn(webhook: RelayedWebhook): Promise<void> {
    const begun = performance.now()
    const slow = setTimeout(() => this.#tell(webhook, { fault: "timeout" }, limitMs), limitMs)
    const said = await forward(this.#to, webhook.request)
    clearTimeout(slow)
    const tookMs = Math.round(performance.now() - begun)
    this.#tell(webhook, said, tookMs)
    await this.#answer(webhook.id, said)
  }

  async #answer(relayId: string, said: Said): Promise<void> {
    const untilMs = Date.now() + answerForMs
    for (let waitMs = retryMs.first; Date.now() < untilMs; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await api(this.#patient, "POST", `/causeway/listeners/${seg(this.#id)}/answers`, {
          body: { relay_id: relayId, ...said },
          timeoutMs: 5000,
        })
        return
      } catch (error) {
        const isLost = error instanceof Failure && (error.code === exit.network || error.code === exit.timeout)
        if (!isLost) return this.#call.say(`error: an answer was not taken: ${(error as Error).message}\n`)
        await pause(waitMs)
      }
    }
  }

  #state(state: "live" | "lost" | "ending", text: string): void {
    this.#isLive = state === "live"
    if (this.#call.json) this.#call.show({ event: "state", state }, "")
    else this.#call.world.out(`  state   ${paint(this.#call.world, state === "live" ? "green" : "yellow", text)}\n`)
  }

  #tell(webhook: RelayedWebhook, said: Said, tookMs: number): void {
    const { delivery_id: deliveryId, type } = webhook
    const what = "fault" in said ? said.fault : said.status
    const told = { event: "webhook", relay_id: webhook.id, delivery_id: deliveryId, type, said: what, took_ms: tookMs }
    const mark = "fault" in said || said.status >= 300 || tookMs >= limitMs ? paint(this.#call.world, "red", "!") : " "
    const time = new Date().toTimeString().slice(0, 8)
    const fix = fixOf(said, tookMs)
    const fixLine = fix === null ? "" : `            Fix: ${fix}\n`
    this.#call.show(
      told,
      `  ${time}  →  ${type.padEnd(18)} ${mark} ${String(what).padEnd(18)} ${String(tookMs).padStart(6)} ms  ${deliveryId ?? ""}\n${fixLine}`,
    )
  }
}

function fixOf(said: Said, tookMs: number): string | null {
  if ("fault" in said && said.fault === "connection_refused")
    return "start your server, or name its address with --forward-to"
  if (tookMs >= limitMs) return "answer first, deliver later: platforms give up after 7 s"
  if ("fault" in said) return "look into your server's log: it closed the connection"
  const isRefused =
    said.status === 401 || said.status === 403 || /"type":\s*"(forbidden|authentication_required)"/.test(said.body)
  return isRefused ? "give your server this app's secret: CAUSEWAY_APP_SECRET" : null
}
