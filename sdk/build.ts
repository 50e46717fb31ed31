/**
 * Builds the package that is published, in dist/: ESM JavaScript with its types, and nothing to depend on. What it needs of the contract is
 * compiled with it, and imports of it are made relative. `node build.ts [folder]`, dist unless given.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const dist = resolve(process.argv[2] ?? join(here, "dist"))

function build(): void {
  rmSync(dist, { recursive: true, force: true })
  const tsc = join(here, "../node_modules/typescript/bin/tsc")
  execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json"), "--outDir", dist], { stdio: "inherit" })
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (/\.(js|d\.ts)$/.test(name)) makeRelative(join(dist, name))
  }
  const { name, version, license, type } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"))
  const entry = (path: string) => ({ types: `./sdk/src/${path}.d.ts`, default: `./sdk/src/${path}.js` })
  const exports = { ".": entry("index"), "./check": entry("check/index") }
  const published = { name, version, license, type, sideEffects: false, engines: { node: ">=20" }, exports }
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`)
  copyFileSync(join(here, "README.md"), join(dist, "README.md"))
  copyFileSync(join(here, "../LICENSE"), join(dist, "LICENSE"))
}

function makeRelative(path: string): void {
  const to = relative(dirname(path), join(dist, "contract/src")).replaceAll("\\", "/")
  const text = readFileSync(path, "utf8")
  const own = text.replaceAll(/"@causeway\/contract\/([\w/-]+)"/g, (_, name) => {
    if (!existsSync(join(dist, "contract/src", `${name}.js`)))
      throw new Error(`${path} needs contract/src/${name}.ts: name it in tsconfig.build.json`)
    return `"${to}/${name}.js"`
  })
  writeFileSync(path, own)
}

build()
