import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"

const execute = promisify(execFile)
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const template = at("../../templates/channel")

export const newChannel: Command = {
  args: ["name"],
  more: `A folder of this name with a channel on the SDK, its server, its test and the tools. It installs without a network: SDK and command line come
along in vendor/.`,
  examples: ["causeway new acme-sms", "causeway new acme-voice --json"],
  async run(call) {
    const name = call.arg(0)
    if (!/^[a-z][a-z0-9-]{0,60}$/.test(name))
      throw usageFailure(
        `"${name}" is no name for a package: small letters, digits and hyphens`,
        this.examples[0] as string,
      )
    const folder = join(call.world.cwd, name)
    if (existsSync(folder) && (await readdir(folder)).length > 0)
      throw new Failure(exit.usage, `${folder} is not empty`, "choose another name, or empty it")
    await mkdir(join(folder, "vendor"), { recursive: true })
    const files = await copyTemplate(folder, name)
    const packages = await vendor(join(folder, "vendor"))
    await writePackage(folder, packages)
    call.show({ folder, files }, nextSteps(name))
    return exit.ok
  },
}

/** Names that npm or the tests of this repository would take for their own. */
const renamed: Record<string, string> = { gitignore: ".gitignore", "channel-test.ts": "channel.test.ts" }

async function copyTemplate(folder: string, name: string): Promise<string[]> {
  const files = (await readdir(template)).map((file) => renamed[file] ?? file)
  await cp(template, folder, { recursive: true })
  for (const [from, to] of Object.entries(renamed)) await rename(join(folder, from), join(folder, to))
  for (const file of ["README.md", "package.json"]) {
    const path = join(folder, file)
    await writeFile(path, (await readFile(path, "utf8")).replaceAll("my-channel", name))
  }
  return files
}

interface Packages {
  sdk: string
  cli: string
}

/** Puts the tarballs of SDK and command line into a folder: made now in the repository, brought along by the published package. */
async function vendor(folder: string): Promise<Packages> {
  const builder = at("../../build.ts")
  const isRepository = existsSync(builder)
  const built = isRepository ? await mkdtemp(join(tmpdir(), "causeway-cli-")) : at("../../..")
  try {
    if (isRepository) await execute(process.execPath, [builder, built])
    await cp(join(built, "cli/vendor"), folder, { recursive: true })
    await execute("npm", ["pack", built, "--pack-destination", folder, "--silent"])
    const tarballs = await readdir(folder)
    const find = (part: string) => tarballs.find((tarball) => tarball.includes(part)) ?? ""
    return { sdk: find("-sdk-"), cli: find("-cli-") }
  } catch (error) {
    throw new Failure(
      exit.failed,
      `the packages could not be made: ${(error as Error).message}`,
      "npm has to be installed and the disk to have room",
    )
  } finally {
    if (isRepository) await rm(built, { recursive: true, force: true })
  }
}

async function writePackage(folder: string, { sdk, cli }: Packages): Promise<void> {
  const path = join(folder, "package.json")
  const manifest = JSON.parse(await readFile(path, "utf8"))
  manifest.dependencies = { "@causeway/sdk": `file:vendor/${sdk}` }
  manifest.devDependencies = { "@causeway/cli": `file:vendor/${cli}` }
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`)
}

const nextSteps = (name: string): string => `${name} is made. Next:

  cd ${name}
  npm install
  npx causeway apps create "${name}" --webhook-url http://localhost:3000/hooks --save
  npm start                                       and in another terminal:
  npx causeway channels connect "${name}" --save
`
