import { randomUUID } from "node:crypto"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { reasonOf } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { sampleTypes, sampleWebhook } from "../samples.ts"

const answerMs = 7000

export const trigger: Command = {
  args: ["type"],
  options: {
    to: { value: "URL", text: "the server; http://localhost:3000/hooks unless given" },
    text: { value: "TEXT", text: "what the message says" },
    recipient: { value: "HANDLE", text: "to whom it goes; +15550100 unless given" },
    thread: { value: "ID", text: "the external conversation id; none: a new conversation" },
  },
  more: `Types: ${sampleTypes.join(", ")}. It needs no platform: the webhook is made and signed here, with CAUSEWAY_APP_SECRET. Exit code 1 where the
server refuses it, 5 where it cannot be reached, 6 after 7 seconds.`,
  examples: [
    "CAUSEWAY_APP_SECRET=s3cret causeway trigger message --to http://localhost:3000/hooks",
    'CAUSEWAY_APP_SECRET=s3cret causeway trigger message_imported --to http://localhost:3000/hooks --text "Is my order late?" --json',
  ],
  async run(call) {
    const type = call.arg(0)
    if (!sampleTypes.includes(type))
      throw usageFailure(`there is no webhook "${type}"`, `causeway trigger ${sampleTypes.join("|")}`)
    const secret = call.settings.need("CAUSEWAY_APP_SECRET", "the app's secret")
    const url = call.option("to") ?? "http://localhost:3000/hooks"
    if (!URL.canParse(url)) throw usageFailure(`"${url}" is no address`, this.examples[0] as string)
    const body = JSON.stringify(
      sampleWebhook(type, {
        text: call.option("text") ?? "It ships today.",
        recipient: call.option("recipient") ?? "+15550100",
        thread: call.option("thread") ?? null,
        channelId: call.settings.find("CAUSEWAY_CHANNEL_ID") ?? "cha_1",
        messageId: `msg_${BigInt(`0x${randomUUID().slice(0, 8)}`).toString(36)}`,
      }),
    )
    const { status, text, tookMs } = await post(call, url, {
      method: type === "delete" ? "DELETE" : "POST",
      secret,
      body,
    })
    call.show({ type, url, status, took_ms: tookMs, answer: text }, `→ ${type}  ${status}  ${tookMs} ms  ${text}\n`)
    const said = typeIn(text)
    if (status < 300 && (said === null || said === "success")) return exit.ok
    throw new Failure(exit.failed, `the server refused it: ${status} ${text.slice(0, 200)}`, fixOf(status, said))
  },
}

async function post(
  call: Call,
  url: string,
  { method, secret, body }: { method: string; secret: string; body: string },
) {
  const at = String(Date.now())
  const started = performance.now()
  try {
    const response = await fetch(url, {
      method,
      body,
      headers: {
        "content-type": "application/json",
        [timestampHeader]: at,
        [signatureHeader]: signWebhook(secret, at, body),
      },
      signal: AbortSignal.any([call.world.signal, AbortSignal.timeout(answerMs)]),
    })
    return { status: response.status, text: await response.text(), tookMs: Math.round(performance.now() - started) }
  } catch (error) {
    if ((error as Error).name === "TimeoutError")
      throw new Failure(
        exit.timeout,
        `no answer came within ${answerMs / 1000} s`,
        "answer first, deliver later; platforms give up after 7 s",
      )
    throw new Failure(
      exit.network,
      `${url} cannot be reached (${reasonOf(error)})`,
      "start the channel's server, or give its address with --to",
    )
  }
}

function typeIn(text: string): string | null {
  try {
    const { type } = JSON.parse(text)
    return typeof type === "string" ? type : null
  } catch {
    return null
  }
}

const fixOf = (status: number, type: string | null): string =>
  status === 401 || status === 403 || type === "forbidden" || type === "authentication_required"
    ? "give both sides the same secret: CAUSEWAY_APP_SECRET here, and in the server"
    : "look into the server's log"
