import { api, type Json, seg } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { writeDotEnv } from "../settings.ts"
import { fields, table } from "../text.ts"
import { confirm } from "./apps.ts"

export const list: Command = {
  examples: ["causeway channels list", "causeway channels list --json"],
  async run(call) {
    const { body } = await api(call, "GET", "/channels")
    const rows = body._results.map((one: Json) => [
      one.id,
      one.name ?? "",
      one.type,
      one.is_valid ? "online" : "offline",
    ])
    call.show(body._results, table(["ID", "NAME", "TYPE", "STATUS"], rows, "no channel yet: causeway channels connect"))
    return exit.ok
  },
}

export const get: Command = {
  args: ["channel_id"],
  examples: ["causeway channels get cha_8zk"],
  async run(call) {
    const id = seg(call.arg(0))
    const channel = (await api(call, "GET", `/channels/${id}`)).body
    const health = (await api(call, "GET", `/causeway/channels/${id}/health`)).body
    call.show({ ...channel, health }, fields({ ...channel, _links: undefined, health }))
    return exit.ok
  },
}

export const connect: Command = {
  args: ["name"],
  options: {
    app: { value: "UID", text: "the app (CAUSEWAY_APP_UID)" },
    inbox: { value: "ID", text: "the inbox; the first one unless given" },
    address: { value: "TEXT", text: "its sending address; random unless given" },
    save: { text: "also write its id into .env of this folder" },
  },
  more: "The app's server is asked for authorization first: it has to run. A credential is read from CAUSEWAY_CREDENTIAL, as the app's kind of key.",
  examples: ['causeway channels connect "Acme SMS" --app 61354762609432 --save'],
  async run(call) {
    const app = appOf(call)
    const inbox = call.option("inbox") ?? (await firstInbox(call))
    const credential = call.settings.find("CAUSEWAY_CREDENTIAL")
    const { headers } = await api(call, "POST", `/inboxes/${seg(inbox)}/channels`, {
      body: {
        type: "custom",
        name: call.arg(0),
        application_uid: app,
        ...(call.option("address") !== undefined && { address: call.option("address") }),
        ...(credential !== undefined && { credentials: { api_key: credential } }),
      },
    })
    const id = headers.get("location")?.split("/").at(-1) ?? ""
    const path = call.flag("save") ? writeDotEnv(call.world.cwd, { CAUSEWAY_CHANNEL_ID: id }) : null
    call.show({ id, inbox_id: inbox }, fields({ id, inbox, ...(path !== null && { saved: path }) }))
    return exit.ok
  },
}

/** The app that is meant: the option, or the environment. */
export function appOf(call: Call): string {
  return call.option("app") ?? call.settings.need("CAUSEWAY_APP_UID", "--app")
}

/** The channel that is meant: the option, or the environment. */
export function channelOf(call: Call): string {
  return call.option("channel") ?? call.settings.need("CAUSEWAY_CHANNEL_ID", "--channel")
}

async function firstInbox(call: Call): Promise<string> {
  const { body } = await api(call, "GET", "/inboxes")
  const first = body._results[0]
  if (first === undefined)
    throw new Failure(exit.notFound, "there is no inbox", "make one in the inbox's administration")
  return first.id
}

export const reauth: Command = {
  args: ["channel_id"],
  examples: ["causeway channels reauth cha_8zk"],
  async run(call) {
    const { body } = await api(call, "POST", `/causeway/channels/${seg(call.arg(0))}/authenticate`, { body: {} })
    call.show(body, fields(body))
    return exit.ok
  },
}

async function setStatus(call: Call, status: "offline" | "ok"): Promise<number> {
  await api(call, "PATCH", `/channels/${seg(call.arg(0))}`, { body: { status } })
  call.show({ id: call.arg(0), status }, `${call.arg(0)} is ${status === "ok" ? "online" : "offline"}\n`)
  return exit.ok
}

export const offline: Command = {
  args: ["channel_id"],
  examples: ["causeway channels offline cha_8zk"],
  run: (call) => setStatus(call, "offline"),
}

export const online: Command = {
  args: ["channel_id"],
  examples: ["causeway channels online cha_8zk"],
  run: (call) => setStatus(call, "ok"),
}

const settingNames: Record<string, { field: string; parse(text: string): unknown }> = {
  undo: { field: "undo_send_time", parse: parseUndo },
  "all-can-reply": { field: "all_teammates_can_reply", parse: parseSwitch },
  "auto-assign": { field: "auto_assign", parse: parseSwitch },
}
const undoSeconds = [0, 5, 10, 15, 30, 60]

function parseUndo(text: string): number {
  if (undoSeconds.includes(Number(text)) && text !== "") return Number(text)
  throw usageFailure(
    `undo must be one of ${undoSeconds.join(", ")} (seconds); got ${text}`,
    "causeway channels settings cha_8zk undo=30",
  )
}

function parseSwitch(text: string): boolean {
  if (text === "on" || text === "off") return text === "on"
  throw usageFailure(`a switch is on or off; got ${text}`, "causeway channels settings cha_8zk auto-assign=on")
}

export const settings: Command = {
  args: ["channel_id", "[name=value…]"],
  more: "Names: undo (seconds), all-can-reply and auto-assign (on, off). Without any, the settings are shown.",
  examples: ["causeway channels settings cha_8zk", "causeway channels settings cha_8zk undo=30 auto-assign=on"],
  async run(call) {
    const path = `/channels/${seg(call.arg(0))}`
    const changes: Record<string, unknown> = {}
    for (let i = 1; call.arg(i) !== ""; i++) {
      const [name = "", value = ""] = call.arg(i).split("=", 2)
      const known = settingNames[name]
      if (known === undefined)
        throw usageFailure(
          `there is no setting "${name}"; there are ${Object.keys(settingNames).join(", ")}`,
          this.examples[1] as string,
        )
      changes[known.field] = known.parse(value)
    }
    if (Object.keys(changes).length > 0) await api(call, "PATCH", path, { body: { settings: changes } })
    const { body } = await api(call, "GET", path)
    call.show(body.settings, fields(body.settings))
    return exit.ok
  },
}

export const remove: Command = {
  args: ["channel_id"],
  examples: ["causeway channels delete cha_8zl --yes"],
  async run(call) {
    await confirm(call, `Delete channel ${call.arg(0)}?`)
    await api(call, "DELETE", `/channels/${seg(call.arg(0))}`)
    call.show({ deleted: call.arg(0) }, `deleted ${call.arg(0)}\n`)
    return exit.ok
  },
}
