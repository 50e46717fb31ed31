import { parseArgs } from "node:util"
import type { Call, Command, World } from "./command.ts"
import { exit, Failure, usageFailure } from "./failure.ts"
import { commandHelp, groupHelp, treeHelp } from "./help.ts"
import { readSettings } from "./settings.ts"
import { progressText } from "./text.ts"
import { groups, tree } from "./tree.ts"

/** Options that every command takes. */
const common = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  url: { type: "string" },
  profile: { type: "string" },
  yes: { type: "boolean", short: "y" },
  "no-input": { type: "boolean" },
} as const

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** Runs one command line and resolves to its exit code. Never rejects: what goes wrong is said on stderr, with a line that begins `Fix:`. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    return (await dispatch(argv, world)) ?? exit.ok
  } catch (error) {
    if (world.signal.aborted) return exit.ok
    const { message, fix, code } =
      error instanceof Failure
        ? error
        : new Failure(
            exit.failed,
            `this is a bug: ${(error as Error).stack ?? error}`,
            "report it with the lines above",
          )
    world.err(`error: ${message}\nFix: ${fix}\n`)
    return code
  }
}

async function dispatch(argv: readonly string[], world: World): Promise<number | undefined> {
  const words = argv.findIndex((word) => word.startsWith("-"))
  const leading = words === -1 ? argv : argv.slice(0, words)
  if (argv[0] === "--version") {
    const { version } = await import("./version.ts")
    world.out(`${version}\n`)
    return exit.ok
  }
  if (leading.length === 0 || leading[0] === "help") {
    const wanted = leading.slice(1)
    if (wanted.length === 0) {
      world.out(treeHelp())
      return argv.length === 0 ? exit.usage : exit.ok
    }
    return await dispatch([...wanted, "--help"], world)
  }
  const name = nameOf(leading)
  const entry = tree[name]
  if (entry === undefined) return showGroup(name, argv, world)
  const command = await entry.load()
  const rest = argv.slice(name.split(" ").length)
  const { values, positionals } = parse(name, command, rest)
  if (values.help) {
    world.out(commandHelp(name, entry.summary, command))
    return exit.ok
  }
  checkArgs(name, command, positionals)
  return await command.run(callOf(name, world, values, positionals))
}

/** The longest run of words that names a command, or a group of them. Throws for what is neither. */
function nameOf(words: readonly string[]): string {
  const [first = "", second = ""] = words
  const both = `${first} ${second}`
  if (both in tree) return both
  if (first in tree || (first in groups && second === "")) return first
  const known =
    first in groups ? Object.keys(tree).filter((name) => name.startsWith(`${first} `)) : [...Object.keys(tree)]
  const wanted = first in groups ? both : first
  const near = nearest(wanted, first in groups ? known : [...known, ...Object.keys(groups)])
  throw usageFailure(
    `there is no command "causeway ${wanted}"`,
    `causeway ${near ?? `${first in groups ? first : ""} --help`.trim()}`,
  )
}

function showGroup(name: string, argv: readonly string[], world: World): number {
  const isAsked = argv.includes("--help") || argv.includes("-h")
  world.out(groupHelp(name))
  return isAsked ? exit.ok : exit.usage
}

function parse(
  name: string,
  command: Command,
  args: string[] | readonly string[],
): { values: Values; positionals: string[] } {
  const own = Object.fromEntries(
    Object.entries(command.options ?? {}).map(([option, { value, many }]) => [
      option,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), ...(many && { multiple: true }) },
    ]),
  )
  try {
    return parseArgs({ args: [...args], options: { ...common, ...own }, allowPositionals: true })
  } catch (error) {
    const said = (error as Error).message.split(". ")[0] ?? ""
    const unknown = /'(--[\w-]+)/.exec(said)?.[1]
    const near = unknown === undefined ? null : nearest(unknown.slice(2), [...Object.keys(own), ...Object.keys(common)])
    throw usageFailure(
      said,
      near === null ? `causeway ${name} --help` : `did you mean --${near}? causeway ${name} --help`,
    )
  }
}

function checkArgs(name: string, { args = [], examples }: Command, positionals: readonly string[]): void {
  const example = examples[0] ?? `causeway ${name} --help`
  const missing = args.find((arg, i) => !arg.startsWith("[") && positionals[i] === undefined)
  if (missing !== undefined) throw usageFailure(`${missing} is missing`, example)
  const extra = positionals[args.length]
  const takesMore = args.at(-1)?.endsWith("…]") ?? false
  if (extra !== undefined && !takesMore)
    throw usageFailure(`"${extra}" is one word too many (quote texts with spaces)`, example)
}

function callOf(name: string, world: World, values: Values, positionals: readonly string[]): Call {
  const json = values.json === true
  const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
  return {
    world: { ...world, isInteractive: world.isInteractive && values["no-input"] !== true },
    settings: readSettings(world, { url: textOf(values.url), profile: textOf(values.profile) }),
    json,
    typed: name,
    arg: (index) => positionals[index] ?? "",
    option: (option) => textOf(values[option]),
    all: (option) => [values[option] ?? []].flat().map(String),
    flag: (option) => values[option] === true,
    show: (data, text) => world.out(json ? `${JSON.stringify(data)}\n` : text),
    say: (text) => (json ? undefined : world.err(text)),
    progress: (done, of, note) => (json ? undefined : world.err(progressText(world.columns, { done, of, note }))),
  }
}

/** The name that takes the fewest changes to type, three at most. */
function nearest(wanted: string, names: readonly string[]): string | null {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(wanted, name) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance)
  return best?.name ?? null
}

function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}
