import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { api, type Json, seg } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { fields, table } from "../text.ts"
import { parseJson } from "./calls.ts"
import { readInput } from "./messages.ts"

const simulators = "/causeway/simulator/channels"
const channelOption: Record<string, Option> = {
  channel: { value: "ID", text: "the simulated channel; the first one, or a new one, unless given" },
}
/** A scene has up to 90 s to begin its steps, and each step its time. */
const sceneTimeoutMs = 180_000

/** The path of the simulated channel that is meant, made where there is none. */
async function simulated(call: Call): Promise<string> {
  const given = call.option("channel")
  if (given !== undefined) return `${simulators}/${seg(given)}`
  const { body } = await api(call, "GET", simulators)
  if (!body.is_enabled)
    throw new Failure(
      exit.failed,
      "this server does not simulate",
      "start it on this machine (causeway dev), or with CAUSEWAY_SIMULATOR=1",
    )
  const [first = (await api(call, "POST", simulators, { body: {} })).body] = body.channels
  return `${simulators}/${first.id}`
}

export const list: Command = {
  examples: ["causeway sim list", "causeway sim list --json"],
  async run(call) {
    const { body } = await api(call, "GET", simulators)
    const rows = body.channels.map((one: Json) => [one.id, one.name, one.app_uid, one.status])
    call.show(body, table(["CHANNEL", "NAME", "APP", "STATUS"], rows, "no simulated channel yet: causeway sim chat"))
    return exit.ok
  },
}

const from: Option = { value: "HANDLE", text: "whose phone; +15550100 unless given" }
const handleOf = (call: Call): string => call.option("from") ?? "+15550100"
const nameOf = (call: Call) => (call.option("name") === undefined ? {} : { name: call.option("name") })

export const chat: Command = {
  args: ["text"],
  options: {
    ...channelOption,
    from,
    name: { value: "NAME", text: "what they are called" },
    attach: { value: "KIND", text: "image, text, or large (24 MB)" },
  },
  more: "Texts that teammates reply with work as on the demo: !fail bad_request reason, !slow 7.1.",
  examples: [
    'causeway sim chat "Is my order late?"',
    'causeway sim chat "See the picture" --from +15550101 --name Mia --attach image --json',
  ],
  async run(call) {
    const attachment = call.option("attach")
    const body = {
      handle: handleOf(call),
      ...nameOf(call),
      text: call.arg(0),
      ...(attachment !== undefined && { attachment }),
    }
    const said = (await api(call, "POST", `${await simulated(call)}/messages`, { body })).body
    call.show(said, fields({ id: said.id, state: said.state, note: said.note ?? undefined }))
    return exit.ok
  },
}

const actions = ["ring", "answer", "hold", "resume", "transfer", "hang_up", "miss"]

export const phone: Command = {
  args: ["action"],
  options: {
    ...channelOption,
    from,
    name: { value: "NAME", text: "what they are called" },
    outbound: { text: "a teammate calls them" },
    recording: { text: "leave a recording, with made-up audio" },
    transcript: { text: "leave a transcript" },
    summary: { text: "leave a summary" },
  },
  more: `Actions: ${actions.join(", ")}. ring begins a call; the others go on with the last one of this phone.`,
  examples: [
    "causeway sim call ring --from +15550102",
    "causeway sim call answer --from +15550102",
    "causeway sim call hang_up --from +15550102 --recording --transcript --summary --json",
  ],
  async run(call) {
    const action = call.arg(0)
    if (!actions.includes(action))
      throw usageFailure(`"${action}" is nothing that calls do`, `causeway sim call ${actions.join("|")}`)
    const extras = ["recording", "transcript", "summary"].filter((name) => call.flag(name))
    const body = {
      action,
      handle: handleOf(call),
      ...nameOf(call),
      ...(call.flag("outbound") && { direction: "outbound" }),
      ...Object.fromEntries(extras.map((name) => [name, true])),
    }
    const state = (await api(call, "POST", `${await simulated(call)}/calls`, { body })).body
    call.show(state, fields({ call: state.call_id, status: state.status, direction: state.direction }))
    return exit.ok
  },
}

/** A number of an option. Throws a `Failure` where it is none. */
function numberOf(call: Call, name: string): number | undefined {
  const text = call.option(name)
  if (text === undefined) return undefined
  if (text.trim() === "" || Number.isNaN(Number(text)))
    throw usageFailure(`--${name} must be a number; got ${text}`, `causeway ${call.typed} --${name} 7`)
  return Number(text)
}

export const fault: Command = {
  args: ["[answer]"],
  options: {
    ...channelOption,
    reason: { value: "TEXT", text: "what the refusal says" },
    after: { value: "SECONDS", text: "how late it answers; platforms give up after 7" },
    inbound: { value: "KIND", text: "what happens to customers' messages: duplicate, reorder, cut, drop" },
    later: { value: "REASON", text: "sends succeed, and are reported as failed a moment later" },
    next: { value: "COUNT", text: "only the next so many" },
    seed: { value: "NUMBER", text: "what is hit follows from this number" },
    rate: { value: "SHARE", text: "with a seed: how much is hit, 0 to 1" },
  },
  more: `What the simulated provider answers from now on: one of the seven codes, rate_limited, unavailable, without_ids, cut, drop, silence; none ends all
faults.`,
  examples: [
    'causeway sim fault bad_request --reason "unknown recipient" --next 3',
    "causeway sim fault silence --seed 7 --rate 0.2",
    "causeway sim fault none --json",
  ],
  async run(call) {
    const answer = call.arg(0)
    const none = {
      answer: null,
      reason: null,
      answer_after_seconds: 0,
      inbound: null,
      later_failure: null,
      remaining: null,
      seed: null,
    }
    const given = {
      answer: answer === "" ? undefined : answer,
      reason: call.option("reason"),
      answer_after_seconds: numberOf(call, "after"),
      inbound: call.option("inbound"),
      later_failure: call.option("later"),
      remaining: numberOf(call, "next"),
      seed: numberOf(call, "seed"),
      rate: numberOf(call, "rate"),
    }
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    // Another answer is another fault: it does not go on with the reason and the count of the one before.
    const set = answer === "" ? named : { reason: null, remaining: null, ...named }
    if (Object.keys(set).length === 0) throw usageFailure("no fault was named", this.examples[0] as string)
    const { body } = await api(call, "PUT", `${await simulated(call)}/faults`, { body: answer === "none" ? none : set })
    call.show(body, fields(body))
    return exit.ok
  },
}

const saveOption: Record<string, Option> = { save: { value: "FILE", text: "keep what passed, to replay and compare" } }

export const scene: Command = {
  options: {
    ...channelOption,
    ...saveOption,
    seed: { value: "NUMBER", text: "everything follows from it; 1 unless given" },
    steps: { value: "COUNT", text: "20 unless given" },
    phones: { value: "COUNT", text: "3 unless given" },
    "fault-rate": { value: "SHARE", text: "0.3 unless given" },
    "no-calls": { text: "nobody calls" },
  },
  more: "Customers write and call, teammates reply, and things go wrong: the same seed makes the same scene, so a failure is reproduced by one command.",
  examples: [
    "causeway sim run --seed 7 --steps 5 --fault-rate 0 --no-calls --save session.json",
    "causeway sim run --seed 8 --steps 3 --fault-rate 0 --no-calls --json",
  ],
  async run(call) {
    const options = {
      seed: numberOf(call, "seed") ?? 1,
      steps: numberOf(call, "steps"),
      phones: numberOf(call, "phones"),
      fault_rate: numberOf(call, "fault-rate"),
    }
    const body = { ...options, ...(call.flag("no-calls") && { calls: false }) }
    const done = (await api(call, "POST", `${await simulated(call)}/run`, { body, timeoutMs: sceneTimeoutMs })).body
    await keep(call, done.session)
    call.show(done, fields({ seed: options.seed, steps: done.steps_done, threads: done.session.streams.length }))
    return exit.ok
  },
}

async function keep(call: Call, session: object): Promise<void> {
  const path = call.option("save")
  if (path !== undefined) await writeFile(join(call.world.cwd, path), `${JSON.stringify(session, null, 2)}\n`)
}

export const record: Command = {
  options: channelOption,
  more: "From now on what is done and what passes is recorded; causeway sim save ends it.",
  examples: ["causeway sim record"],
  async run(call) {
    await api(call, "POST", `${await simulated(call)}/session`)
    call.show({ recording: true }, "recording; end it with: causeway sim save session.json\n")
    return exit.ok
  },
}

export const save: Command = {
  args: ["file"],
  options: channelOption,
  examples: ["causeway sim save recorded.json"],
  async run(call) {
    const { body } = await api(call, "DELETE", `${await simulated(call)}/session`)
    await writeFile(join(call.world.cwd, call.arg(0)), `${JSON.stringify(body, null, 2)}\n`)
    call.show({ file: call.arg(0), steps: body.steps.length }, `${call.arg(0)} holds ${body.steps.length} steps\n`)
    return exit.ok
  },
}

export const replay: Command = {
  args: ["file"],
  options: { ...channelOption, ...saveOption },
  more: "Does what was recorded once more and compares what passes, byte for byte but for ids and times. Exit code 1 where it differs.",
  examples: ["causeway sim replay session.json", "causeway sim replay session.json --save again.json --json"],
  async run(call) {
    const session = parseJson(new TextDecoder().decode(await readInput(call, call.arg(0))), call.arg(0))
    const { body } = await api(call, "POST", `${await simulated(call)}/replay`, {
      body: { session },
      timeoutMs: sceneTimeoutMs,
    })
    await keep(call, body.session)
    const lines = body.differences.map(
      ({ thread, stream, index, recorded, now }: Json) => `${thread} ${stream} ${index}\n  - ${recorded}\n  + ${now}\n`,
    )
    call.show(body, body.is_equal ? `equal, ${body.steps_done} steps\n` : lines.join(""))
    if (body.is_equal) return exit.ok
    throw new Failure(
      exit.failed,
      `${body.differences.length} differences`,
      "look at the first one; if it is meant, record the session anew",
    )
  },
}
