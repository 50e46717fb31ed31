import { api } from "../api.ts"
import type { Command } from "../command.ts"
import { exit, usageFailure } from "../failure.ts"
import { readProfiles, writeProfile } from "../settings.ts"
import { fields } from "../text.ts"

export const login: Command = {
  options: { as: { value: "NAME", text: "keep it under this name; default unless given" } },
  more: "The API token is asked for, or read from standard input or CAUSEWAY_TOKEN: never from an option, which others on this machine could see.",
  examples: [
    "causeway login --url http://localhost:7400 < token.txt",
    "causeway login --as staging --url http://localhost:7400 --json < token.txt",
  ],
  async run(call) {
    const { url } = call.settings
    const token = (call.world.env.CAUSEWAY_TOKEN ?? (await ask(call))).trim()
    if (!/^\S+$/.test(token)) throw usageFailure("no API token was given", this.examples[0] as string)
    const { body } = await api({ ...call, settings: { ...call.settings, token } }, "GET", "/me")
    const name = call.option("as") ?? "default"
    const path = writeProfile(call.world.env, name, { url, token })
    call.show({ profile: name, url, ...body }, fields({ profile: name, server: url, company: body.name, kept: path }))
    return exit.ok
  },
}

async function ask({ world }: Parameters<Command["run"]>[0]): Promise<string> {
  if (world.isInteractive) world.err("API token (from Administration, Tokens; end with Ctrl-D): ")
  return world.stdin()
}

export const logout: Command = {
  options: { as: { value: "NAME", text: "which one; default unless given" } },
  examples: ["causeway logout", "causeway logout --as staging --json"],
  async run(call) {
    const name = call.option("as") ?? "default"
    const known = name in readProfiles(call.world.env)
    if (known) writeProfile(call.world.env, name, null)
    call.show(
      { profile: name, forgotten: known },
      known ? `${name} is forgotten; its token still holds: delete it in the inbox\n` : `nothing was kept as ${name}\n`,
    )
    return exit.ok
  },
}

export const whoami: Command = {
  examples: ["causeway whoami"],
  async run(call) {
    const { body } = await api(call, "GET", "/me")
    call.show(
      { url: call.settings.url, ...body },
      fields({ server: call.settings.url, company: body.name, id: body.id }),
    )
    return exit.ok
  },
}
