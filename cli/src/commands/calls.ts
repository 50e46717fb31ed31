import { randomUUID } from "node:crypto"
import { basename } from "node:path"
import { api, seg } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { tone } from "../tone.ts"
import { channelOf } from "./channels.ts"
import { readInput } from "./messages.ts"

const channelOption: Record<string, Option> = { channel: { value: "ID", text: "the channel (CAUSEWAY_CHANNEL_ID)" } }
const agentOption: Record<string, Option> = { agent: { value: "EMAIL", text: "the teammate on the call" } }
const statuses = ["queued", "ringing", "connected", "hold", "resumed", "hangup", "abandoned", "missed", "transferred"]

const callPath = (call: Call, id: string): string => `/channels/${seg(channelOf(call))}/calls/${seg(id)}`
const agentOf = (call: Call) =>
  call.option("agent") === undefined ? {} : { agent_email_address: call.option("agent") }

export const create: Command = {
  args: ["[external_call_id]"],
  options: {
    ...channelOption,
    ...agentOption,
    from: { value: "HANDLE", text: "who calls; +15550100 unless given" },
    to: { value: "HANDLE", text: "who is called: makes it an outbound call" },
    parent: { value: "ID", text: "the call this one was transferred from" },
  },
  examples: [
    "causeway calls create call-7 --channel cha_8zk --from +15550100",
    "causeway calls create --channel cha_8zk --to +15550101 --json",
  ],
  async run(call) {
    const id = call.arg(0) || `cli-${randomUUID()}`
    await begin(call, id)
    call.show({ external_call_id: id, status: "ringing" }, `${id} is ringing\n`)
    return exit.ok
  },
}

async function begin(call: Call, id: string): Promise<void> {
  const to = call.option("to")
  await api(call, "POST", `/channels/${seg(channelOf(call))}/calls`, {
    body: {
      external_call_id: id,
      initial_status: "ringing",
      ...(to === undefined
        ? { direction: "inbound", from: { handle: call.option("from") ?? "+15550100" } }
        : { direction: "outbound", to: { handle: to } }),
      parent_external_call_id: call.option("parent") ?? id,
      started_at: Date.now(),
      ...agentOf(call),
    },
  })
}

export const status: Command = {
  args: ["external_call_id", "status"],
  options: { ...channelOption, ...agentOption },
  more: `Status: ${statuses.join(", ")}.`,
  examples: [
    "causeway calls status call-7 connected --channel cha_8zk",
    "causeway calls status call-7 hangup --channel cha_8zk --json",
  ],
  async run(call) {
    const [id, next] = [call.arg(0), call.arg(1)]
    if (!statuses.includes(next))
      throw usageFailure(`"${next}" is no status of a call`, `causeway calls status ${id} ${statuses.join("|")}`)
    await change(call, id, next)
    call.show({ external_call_id: id, status: next }, `${id} is ${next}\n`)
    return exit.ok
  },
}

const change = (call: Call, id: string, next: string) =>
  api(call, "PATCH", callPath(call, id), { body: { call_status: next, occurred_at: Date.now(), ...agentOf(call) } })

export const record: Command = {
  args: ["external_call_id", "[file]"],
  options: {
    ...channelOption,
    voicemail: { text: "what a caller left, not the call itself" },
    tone: { value: "SECONDS", text: "a made-up tone of so many seconds instead of a file" },
  },
  examples: [
    "causeway calls record call-7 --channel cha_8zk --tone 3",
    "causeway calls record call-7 voice.wav --channel cha_8zk --voicemail --json",
  ],
  async run(call) {
    const [id, file] = [call.arg(0), call.arg(1)]
    const seconds = call.option("tone")
    if (file === "" && seconds === undefined)
      throw usageFailure("a file of audio is missing, or --tone SECONDS", this.examples[0] as string)
    const audio = seconds === undefined ? await readInput(call, file) : tone(Number(seconds))
    await addRecording(call, id, audio, {
      name: file === "" ? "call.wav" : basename(file),
      isVoicemail: call.flag("voicemail"),
    })
    call.show({ external_call_id: id, bytes: audio.length }, `${id} has its recording (${audio.length} bytes)\n`)
    return exit.ok
  },
}

async function addRecording(
  call: Call,
  id: string,
  audio: Uint8Array<ArrayBuffer>,
  { name, isVoicemail }: { name: string; isVoicemail: boolean },
): Promise<void> {
  const form = new FormData()
  form.append("recording_type", isVoicemail ? "voicemail" : "call")
  const type = /\.mp3$/i.test(name) ? "audio/mpeg" : /\.(m4a|mp4)$/i.test(name) ? "audio/mp4" : "audio/wav"
  form.append("attachments", new Blob([audio], { type }), name)
  await api(call, "POST", `${callPath(call, id)}/recording`, { body: form })
}

export const transcript: Command = {
  args: ["external_call_id", "file"],
  options: channelOption,
  more: 'The file is JSON: [{"speaker_name", "speaker_type": "internal"|"external", "start_time_seconds", "content"}].',
  examples: ["causeway calls transcript call-7 transcript.json --channel cha_8zk"],
  async run(call) {
    const text = new TextDecoder().decode(await readInput(call, call.arg(1)))
    const lines = parseJson(text, call.arg(1))
    await api(call, "POST", `${callPath(call, call.arg(0))}/transcript`, { body: { lines } })
    call.show({ external_call_id: call.arg(0) }, `${call.arg(0)} has its transcript\n`)
    return exit.ok
  },
}

/** JSON of a file. Throws a `Failure` that names the file. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Failure(exit.usage, `${path} is not JSON: ${(error as Error).message}`, `mend ${path}, then again`)
  }
}

export const summary: Command = {
  args: ["external_call_id", "text"],
  options: channelOption,
  examples: ['causeway calls summary call-7 "Mia asked for her order; it ships today." --channel cha_8zk'],
  async run(call) {
    await api(call, "POST", `${callPath(call, call.arg(0))}/summary`, { body: { content: call.arg(1) } })
    call.show({ external_call_id: call.arg(0) }, `${call.arg(0)} has its summary\n`)
    return exit.ok
  },
}

export const play: Command = {
  options: { ...channelOption, ...agentOption, from: { value: "HANDLE", text: "who calls; +15550100 unless given" } },
  more: "Rings, is answered, held, resumed and hung up; then recording, transcript and summary come.",
  examples: ["causeway calls play --channel cha_8zk"],
  async run(call) {
    const id = `cli-${randomUUID()}`
    await begin(call, id)
    for (const next of ["connected", "hold", "resumed", "hangup"]) {
      await change(call, id, next)
      call.say(`${id} is ${next}\n`)
    }
    await addRecording(call, id, tone(2), { name: "call.wav", isVoicemail: false })
    const lines = [
      { speaker_name: "Ana", speaker_type: "internal", start_time_seconds: 0, content: "Acme, this is Ana." },
      { speaker_name: "Mia", speaker_type: "external", start_time_seconds: 1, content: "Is my order late?" },
    ]
    await api(call, "POST", `${callPath(call, id)}/transcript`, { body: { lines } })
    await api(call, "POST", `${callPath(call, id)}/summary`, { body: { content: "Mia asked for her order." } })
    call.show({ external_call_id: id }, `${id} was played, with recording, transcript and summary\n`)
    return exit.ok
  },
}
