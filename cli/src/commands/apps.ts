import { api, type Json, seg } from "../api.ts"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { writeDotEnv } from "../settings.ts"
import { fields, table } from "../text.ts"

export const list: Command = {
  examples: ["causeway apps list", "causeway apps list --json"],
  async run(call) {
    const { body } = await api(call, "GET", "/causeway/apps")
    const rows = body.apps.map((app: Json) => [app.uid, app.name, app.webhook_url, app.contact_type])
    call.show(body.apps, table(["UID", "NAME", "WEBHOOK URL", "CONTACTS"], rows, "no app yet: causeway apps create"))
    return exit.ok
  },
}

export const get: Command = {
  args: ["uid"],
  examples: ["causeway apps get 61354762609432"],
  async run(call) {
    const { body } = await api(call, "GET", `/causeway/apps/${seg(call.arg(0))}`)
    call.show(body, fields(body))
    return exit.ok
  },
}

const appOptions: Record<string, Option> = {
  "webhook-url": { value: "URL", text: "where its webhooks go" },
  contacts: { value: "KIND", text: "what its handles are: custom, email or phone" },
  composer: { value: "KIND", text: "basic, or advanced: replies with formatting" },
  feature: {
    value: "NAME",
    text: "compose, reply, attachments, templates, calls, list_addresses; several times for several",
    many: true,
  },
  auth: { value: "TYPE", text: "how its server wants to be called: none, api_key, basic, bearer" },
  strict: { text: "an answer counts only with type success and both ids" },
}

export const create: Command = {
  args: ["name"],
  options: { ...appOptions, save: { text: "also write uid and secret into .env of this folder" } },
  examples: [
    'causeway apps create "Acme SMS" --webhook-url http://localhost:3000/hooks --save',
    'causeway apps create "Acme Voice" --webhook-url http://localhost:3000/hooks --contacts phone --feature reply --feature calls --json',
  ],
  async run(call) {
    const webhookUrl = call.option("webhook-url")
    if (webhookUrl === undefined) throw usageFailure("--webhook-url is missing", this.examples[0] as string)
    const { body } = await api(call, "POST", "/causeway/apps", { body: { name: call.arg(0), ...valuesOf(call) } })
    const path = call.flag("save")
      ? writeDotEnv(call.world.cwd, {
          CAUSEWAY_APP_UID: body.uid,
          CAUSEWAY_APP_SECRET: body.secret,
          CAUSEWAY_URL: call.settings.url,
        })
      : null
    call.show(
      path === null ? body : { uid: body.uid, saved_to: path },
      path === null ? fields(body) : fields({ uid: body.uid, secret: `in ${path}` }),
    )
    if (path === null) call.say("The secret is shown this once: keep it, or use --save next time.\n")
    return exit.ok
  },
}

export const update: Command = {
  args: ["uid"],
  options: { ...appOptions, name: { value: "NAME", text: "what it is called" } },
  examples: ["causeway apps update 61354762609432 --webhook-url http://localhost:4000/hooks"],
  async run(call) {
    const change = { ...valuesOf(call), ...(call.option("name") !== undefined && { name: call.option("name") }) }
    if (Object.keys(change).length === 0) throw usageFailure("nothing to change", this.examples[0] as string)
    const { body } = await api(call, "PATCH", `/causeway/apps/${seg(call.arg(0))}`, { body: change })
    call.show(body, fields(body))
    return exit.ok
  },
}

function valuesOf(call: Call): Record<string, unknown> {
  const given = {
    webhook_url: call.option("webhook-url"),
    contact_type: call.option("contacts"),
    composer: call.option("composer"),
    features: call.all("feature").length > 0 ? call.all("feature") : undefined,
    server_auth: call.option("auth") === undefined ? undefined : { type: call.option("auth") },
    strict: call.flag("strict") || undefined,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

export const rotate: Command = {
  args: ["uid"],
  options: {
    "overlap-hours": { value: "HOURS", text: "how long tokens signed with the old secret hold; 24 unless given" },
    "sign-with-new": { text: "webhooks carry the new secret's signature at once" },
    save: { text: "also write the secrets into .env of this folder" },
  },
  more: "Webhooks keep the old secret's signature until the overlap ends, so give your server both secrets first.",
  examples: [
    "causeway apps rotate 61354762609434 --overlap-hours 2",
    "causeway apps rotate 61354762609434 --sign-with-new --json",
  ],
  async run(call) {
    const { body } = await api(call, "POST", `/causeway/apps/${seg(call.arg(0))}/rotate`, {
      query: {
        overlap_hours: call.option("overlap-hours"),
        sign_with_old: call.flag("sign-with-new") ? "false" : undefined,
      },
    })
    const old = call.settings.find("CAUSEWAY_APP_SECRET")
    if (call.flag("save"))
      writeDotEnv(call.world.cwd, {
        CAUSEWAY_APP_SECRET: body.secret,
        ...(old !== undefined && { CAUSEWAY_APP_OLD_SECRET: old }),
      })
    const until = new Date(body.old_secret_until * 1000).toISOString()
    call.show(body, fields({ uid: body.uid, secret: body.secret, "old secret holds until": until }))
    return exit.ok
  },
}

export const remove: Command = {
  args: ["uid"],
  examples: ["causeway apps delete 61354762609433 --yes"],
  async run(call) {
    await confirm(call, `Delete app ${call.arg(0)}?`)
    await api(call, "DELETE", `/causeway/apps/${seg(call.arg(0))}`)
    call.show({ deleted: call.arg(0) }, `deleted ${call.arg(0)}\n`)
    return exit.ok
  },
}

/** Asks where somebody can answer. Throws where nobody can, or the answer is no. */
export async function confirm(call: Call, question: string): Promise<void> {
  if (call.flag("yes")) return
  if (!call.world.isInteractive)
    throw usageFailure(`${question} Nobody can answer here.`, `causeway ${call.typed} … --yes`)
  const { createInterface } = await import("node:readline/promises")
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} (y/N) `, { signal: call.world.signal })
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new Failure(exit.failed, "nothing was done", `causeway ${call.typed} … --yes`)
}
