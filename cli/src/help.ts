import type { Command } from "./command.ts"
import { groups, tree } from "./tree.ts"

const commonText = `
  --json            data for programs on stdout, one JSON value a line
  --url URL         the server (CAUSEWAY_URL, default http://localhost:7400)
  --profile NAME    a login that was kept (causeway login)
  -y, --yes         answer yes to what would be asked; --no-input asks nothing
  -h, --help        this
`
const exitCodes =
  "Exit codes: 0 ok · 1 a check failed · 2 usage · 3 not found · 4 credentials · 5 network · 6 timeout\n"

/** All commands, one line each; a group's commands in one line. */
export function treeHelp(): string {
  const single = Object.entries(tree).filter(([name]) => !name.includes(" "))
  const lines = [
    ...single.map(([name, { summary }]) => [name, summary] as const),
    ...Object.entries(groups).map(([name, summary]) => [name, `${summary}: ${namesIn(name).join(", ")}`] as const),
  ]
  const width = Math.max(...lines.map(([name]) => name.length))
  return `causeway: build, run and watch channels

Usage: causeway <command> [options]

${lines.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

Options of every command:
${commonText}
${exitCodes}Begin: causeway new my-channel, and docs/first-channel.md
`
}

const namesIn = (group: string): string[] =>
  Object.keys(tree)
    .filter((name) => name.startsWith(`${group} `))
    .map((name) => name.slice(group.length + 1))

export function groupHelp(group: string): string {
  const names = namesIn(group)
  const width = Math.max(...names.map((name) => name.length))
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${tree[`${group} ${name}`]?.summary}`)
  return `${groups[group]}\n\nUsage: causeway ${group} <command> [options]\n\n${lines.join("\n")}\n\nMore: causeway ${group} ${names[0]} --help\n`
}

export function commandHelp(
  name: string,
  summary: string,
  { args = [], options = {}, examples, more }: Command,
): string {
  const words = args.map((arg) => (arg.startsWith("[") ? arg : `<${arg}>`))
  const own = Object.entries(options).map(
    ([option, { value, text }]) => [`--${option}${value === undefined ? "" : ` ${value}`}`, text] as const,
  )
  const width = Math.max(16, ...own.map(([option]) => option.length))
  const ownText = own.map(([option, text]) => `  ${option.padEnd(width)}  ${text}\n`).join("")
  return `${summary}

Usage: ${["causeway", name, ...words, "[options]"].join(" ")}
${more === undefined ? "" : `\n${more}\n`}${ownText === "" ? "" : `\nOptions:\n${ownText}`}
Options of every command:
${commonText}
Examples:
${examples.map((line) => `  ${line}\n`).join("")}
${exitCodes}`
}
