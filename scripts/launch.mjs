// The way in for npm's scripts. Plain JavaScript for any Node from 18 on, and no packages: it runs before anything is installed.
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { forwardSignals, run, stoppedBy } from "./launch/children.mjs"
import { whyNoBrowser } from "./launch/chromium.mjs"
import { buildInbox } from "./launch/inbox.mjs"
import { ensureInstalled, findNode } from "./launch/install.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))
const file = (...parts) => join(root, ...parts)

/** Until the server itself runs. */
let isPreparing = true

/** What each `npm run` does, given the Node to do it with. Each returns an exit code; what fails first ends the row. */
const verbs = {
  start: async (node, args) => {
    const built = await buildInbox(root, node)
    if (built !== 0 || stoppedBy() !== null) return built
    isPreparing = false
    return run(node, [file("server", "src", "main.ts"), ...args], withNode(node))
  },
  build: (node) => buildInbox(root, node, { force: true }),
  test,
  check: async (node, args) =>
    (await run(node, [file("node_modules", "@biomejs", "biome", "bin", "biome"), "ci", "."], inRoot(node))) ||
    (await run(node, [file("node_modules", "typescript", "bin", "tsc"), "--noEmit"], inRoot(node))) ||
    (await run(node, [file("node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", "inbox"], inRoot(node))) ||
    (await run(node, [file("node_modules", "typescript", "bin", "tsc"), "--noEmit", "-p", "examples"], inRoot(node))) ||
    (await test(node, args)),
  goals,
  /** The channel builder's command line, in the folder where it was typed. */
  causeway: (node, args) =>
    run(node, [file("cli", "bin", "causeway.mjs"), ...args], {
      ...withNode(node),
      cwd: process.env.INIT_CWD ?? process.cwd(),
    }),
  /** The pictures of the README, again. */
  screenshots: (node) =>
    run(
      node,
      [file("node_modules", "vitest", "vitest.mjs"), "run", "test/gallery.test.ts", "-t", "pictures of the README"],
      inRoot(node, { CAUSEWAY_SCREENSHOTS: "1" }),
    ),
  backup: (node, args) => run(node, [file("server", "src", "backup", "main.ts"), "backup", ...args], withNode(node)),
  restore: (node, args) => run(node, [file("server", "src", "backup", "main.ts"), "restore", ...args], withNode(node)),
  verify: (node, args) => run(node, [file("server", "src", "backup", "main.ts"), "verify", ...args], withNode(node)),
  bench: (node, args) => run(node, [file("bench", "src", "main.ts"), ...args], withNode(node)),
  faults: (node, args) => run(node, [file("bench", "src", "faults.ts"), ...args], withNode(node)),
}

async function test(node, args) {
  const code = await buildInbox(root, node)
  if (code !== 0) return code
  const missing = await whyNoBrowser()
  if (missing !== null) sayLoudly(missing)
  // --full: as many kills, requests and rounds as are promised, rather than those that fit into a few minutes.
  const env = {
    ...(missing !== null && { CAUSEWAY_NO_BROWSER: "1" }),
    ...(args.includes("--full") && { CAUSEWAY_FULL: "1" }),
  }
  const rest = args.filter((arg) => arg !== "--full")
  const result = await run(node, [file("node_modules", "vitest", "vitest.mjs"), "run", ...rest], inRoot(node, env))
  // Again, where the eye is when all has scrolled by.
  if (missing !== null) sayLoudly(missing)
  return result
}

/** Measures what the inbox promises: `npm run goals -- G1 G12`, all of them without names, in full size with --full. */
async function goals(node, args) {
  const code = await buildInbox(root, node)
  if (code !== 0) return code
  const missing = await whyNoBrowser()
  if (missing !== null) sayLoudly(missing)
  const names = args.filter((arg) => !arg.startsWith("--"))
  const env = { CAUSEWAY_GOALS: names.join(","), ...(args.includes("--full") && { CAUSEWAY_FULL: "1" }) }
  const config = file("inbox", "scripts", "goals", "vitest.config.ts")
  return run(node, [file("node_modules", "vitest", "vitest.mjs"), "run", "--config", config], inRoot(node, env))
}

const sayLoudly = (reason) => process.stderr.write(`\n*** SKIPPED browser tests: ${reason} ***\n\n`)

/** Whatever is started from here finds the same Node first. */
const withNode = (node, env = {}) => ({
  env: { ...process.env, ...env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
})
const inRoot = (node, env) => ({ cwd: root, ...withNode(node, env) })

/** npm keeps what stands before `--` for itself and tells us only by its environment; starting without it would not be what was asked. */
function swallowedOption() {
  if (process.env.npm_lifecycle_event === undefined) return null
  const options = {
    port: "7400",
    host: "127.0.0.1",
    data: "DIR",
    demo: null,
    json: null,
    held_clock: null,
    strict_limits: null,
  }
  for (const [name, example] of Object.entries(options)) {
    const value = process.env[`npm_config_${name}`]
    if (value === undefined || value === "" || value === "false") continue
    const given = value === "true" ? example : value
    return `--${name.replace("_", "-")}${example === null ? "" : ` ${given}`}`
  }
  return null
}

async function main([verb, ...args]) {
  if (!(verb in verbs)) return fail(2, `Usage: npm start | npm test | npm run ${Object.keys(verbs).join("|")}`)
  const swallowed = verb === "start" ? swallowedOption() : null
  if (swallowed !== null) {
    return fail(2, `npm kept ${swallowed} for itself: put -- before options. Example: npm start -- ${swallowed}`)
  }
  forwardSignals()
  const installed = await ensureInstalled(root)
  if (installed !== 0) return installed
  const node = findNode(root)
  if (node === null)
    return fail(
      1,
      `Causeway needs Node 24 or newer and this is ${process.version}: install it from https://nodejs.org and run the command again.`,
    )
  return verbs[verb](node, args)
}

function fail(code, sentence) {
  process.stderr.write(`${sentence}\n`)
  return code
}

const [verb] = process.argv.slice(2)
const code = await main(process.argv.slice(2))
// A server told to stop while it was still being prepared has stopped; one that fails while it drains has failed.
process.exit(verb === "start" && stoppedBy() !== null && (isPreparing || code > 128) ? 0 : code)
