#!/usr/bin/env node
// The way in: plain JavaScript for any Node, so that one that is too old says so in a sentence.
import { existsSync } from "node:fs"
import * as nodeModule from "node:module"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `causeway needs Node 22.18 or newer; this is ${process.version}.\nFix: install it from https://nodejs.org\n`,
  )
  process.exit(2)
}
nodeModule.enableCompileCache?.()
const built = new URL("../cli/src/main.js", import.meta.url)
const { main } = await import(existsSync(built) ? built.href : new URL("../src/main.ts", import.meta.url).href)
await main()
