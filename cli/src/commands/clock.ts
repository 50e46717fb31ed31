import { api } from "../api.ts"
import type { Command } from "../command.ts"
import { exit, usageFailure } from "../failure.ts"
import { fields, parseDuration } from "../text.ts"

export const get: Command = {
  examples: ["causeway clock get"],
  async run(call) {
    const { body } = await api(call, "GET", "/causeway/clock")
    call.show(body, fields(body))
    return exit.ok
  },
}

export const advance: Command = {
  args: ["duration"],
  more: "90s, 15m, 2h or 1d. The server must have been started with --held-clock. Signatures and tokens go by the real time all the same.",
  examples: ["causeway clock advance 5m", "causeway clock advance 1d --json"],
  async run(call) {
    const seconds = parseDuration(call.arg(0))
    if (seconds === null) throw usageFailure(`"${call.arg(0)}" is no span of time`, this.examples[0] as string)
    const { body } = await api(call, "POST", "/causeway/clock", {
      body: { advance_seconds: seconds },
      timeoutMs: 120_000,
    })
    call.show(body, fields(body))
    return exit.ok
  },
}
