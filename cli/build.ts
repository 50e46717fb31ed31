/**
 * Builds the package that is published: ESM JavaScript that depends on nothing, what it needs of the SDK and the contract compiled with it, and the
 * SDK's own package for scaffolds to depend on. `node build.ts [folder]`, dist unless given.
 */
import { execFileSync } from "node:child_process"
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const dist = resolve(process.argv[2] ?? join(here, "dist"))

function build(): void {
  rmSync(dist, { recursive: true, force: true })
  const tsc = join(here, "../node_modules/typescript/bin/tsc")
  const args = [tsc, "-p", join(here, "tsconfig.build.json"), "--outDir", dist]
  execFileSync(process.execPath, args, { stdio: "inherit" })
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".js")) makeRelative(join(dist, name))
  for (const [from, to] of [
    ["bin", "bin"],
    ["templates", "cli/templates"],
  ] as const)
    cpSync(join(here, from), join(dist, to), { recursive: true })
  packSdk(join(dist, "cli/vendor"))
  const { name, version, license, type, bin } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"))
  const published = { name, version, license, type, bin, engines: { node: ">=22.18" } }
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`)
  copyFileSync(join(here, "README.md"), join(dist, "README.md"))
  copyFileSync(join(here, "../LICENSE"), join(dist, "LICENSE"))
}

const homes: [RegExp, string][] = [
  [/"@causeway\/contract\/([\w/-]+)"/g, "contract/src"],
  [/"@causeway\/sdk\/check"/g, "sdk/src/check/index.js"],
  [/"@causeway\/sdk"/g, "sdk/src/index.js"],
]

function makeRelative(path: string): void {
  const own = homes.reduce(
    (text, [name, home]) =>
      text.replaceAll(name, (_, file) => {
        const target = join(dist, typeof file === "string" ? `${home}/${file}.js` : home)
        if (!existsSync(target)) throw new Error(`${path} needs ${target}: name its source in tsconfig.build.json`)
        const way = relative(dirname(path), target).replaceAll("\\", "/")
        return `"${way.startsWith(".") ? way : `./${way}`}"`
      }),
    readFileSync(path, "utf8"),
  )
  writeFileSync(path, own)
}

function packSdk(folder: string): void {
  const built = mkdtempSync(join(tmpdir(), "causeway-sdk-"))
  try {
    execFileSync(process.execPath, [join(here, "../sdk/build.ts"), built], { stdio: "inherit" })
    mkdirSync(folder, { recursive: true })
    execFileSync("npm", ["pack", built, "--pack-destination", folder, "--silent"], {
      stdio: ["ignore", "ignore", "inherit"],
    })
  } finally {
    rmSync(built, { recursive: true, force: true })
  }
}

build()
