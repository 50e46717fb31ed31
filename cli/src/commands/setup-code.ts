import { readFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { api } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure } from "../failure.ts"

export const setupCode: Command = {
  options: { data: { value: "DIR", text: "where the server keeps its data; data of this folder unless given" } },
  more: `For a server that nobody has set up yet, where the code in its terminal is out of reach. The code before it is worth nothing from then on. It is
asked for with the installation token, which lies in the server's data folder for its owner alone.`,
  examples: ["causeway setup-code", "causeway setup-code --data /srv/causeway/data --json"],
  async run(call) {
    const token = await readToken(call)
    const installed = { ...call, settings: { ...call.settings, token } }
    const { body } = await api(installed, "POST", "/causeway/setup/code").catch((error: unknown) => {
      if (error instanceof Failure && error.code === exit.failed)
        throw new Failure(exit.failed, error.message, `sign in at ${call.settings.url}/app/`)
      throw error
    })
    call.show(body, `Setup code  ${body.setup_code}   (asked for once, at ${call.settings.url}/app/)\n`)
    return exit.ok
  },
}

async function readToken(call: Call): Promise<string> {
  const path = join(resolve(call.world.cwd, call.option("data") ?? "data"), "installation-token")
  try {
    return (await readFile(path, "utf8")).trim()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === "EACCES" ? "is not for this user" : "is not there"
    throw new Failure(
      exit.notFound,
      `${path} ${why}`,
      "causeway setup-code --data DIR, as the user who runs the server",
    )
  }
}
