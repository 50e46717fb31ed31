/**
 * Builds the package that is published, in dist/: ESM JavaScript with its types, and nothing to depend on. What it needs of the contract is
 * compiled with it, and imports of it are made relative.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, "dist")

function build(): void {
  rmSync(dist, { recursive: true, force: true })
  const tsc = join(here, "../node_modules/typescript/bin/tsc")
  execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], { stdio: "inherit" })
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
  writeFileSync(path, text.replaceAll(/"@causeway\/contract\/([\w/-]+)"/g, `"${to}/$1.js"`))
}

build()
