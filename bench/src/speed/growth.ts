import { resolve } from "node:path"
import { type Company, openCompany } from "../growth/company.ts"
import { type Visit, visit } from "../growth/measure.ts"
import { operations } from "../growth/operations.ts"
import { median, percentile } from "../load.ts"
import { ownFolder } from "../processes.ts"
import type { Aim, Benchmark, Cell, Finding, Table } from "./benchmark.ts"

const sizesOf = (text: string): number[] =>
  text.split(",").map((part) => {
    const size = Number(part)
    if (!Number.isSafeInteger(size) || size < 1)
      throw new Error(`--conversations are whole numbers from 1 (was ${text})`)
    return size
  })

export const growthBenchmark: Benchmark = {
  name: "growth",
  title: "What stays as fast when a company grows",
  method:
    "One company at each size, in a database of its own, filled by the database with rows as the server writes them: a twentieth of the conversations open, two of five " +
    "of those unassigned, a fifth somebody's own. A teammate who is no admin asks for one thing after the other, in turn; then messages come at 64 connections, for 500 " +
    "conversations and for any. The sizes are visited in turn; the limit is the smallest one, and for accepting the same scene in an empty database.",
  flags: {
    conversations: {
      default: "10000,100000",
      usage: "sizes, ascending; 10000,100000,1000000 takes 40 GB and half an hour of filling",
    },
    "messages-per": { default: "10", usage: "messages in each conversation" },
    folder: { default: "", usage: "where the filled companies are kept for the next time, else they go" },
  },
  async run({ seconds, rounds, flags, say }) {
    const sizes = sizesOf(flags.conversations ?? "")
    const messagesPer = Number(flags["messages-per"])
    const own = flags.folder ? null : await ownFolder()
    const folder = own?.folder ?? resolve(process.env.INIT_CWD ?? "", flags.folder as string)
    try {
      const companies: Company[] = []
      for (const conversations of [0, ...sizes])
        companies.push(
          await openCompany(folder, { conversations, messagesPer }, (text) =>
            say(`${conversations} conversations: ${text}`),
          ),
        )
      const visits = new Map<Company, Visit[]>(companies.map((company) => [company, []]))
      for (let round = 1; round <= rounds; round++)
        for (const company of companies) {
          say(`round ${round} of ${rounds}: ${company.conversations} conversations`)
          visits.get(company)?.push(await visit(company, `g${Date.now().toString(36)}`, seconds))
        }
      return findingOf([...visits])
    } finally {
      own?.remove()
    }
  },
}

const sizeText = ({ conversations, messagesPer }: Company): string =>
  conversations === 0
    ? "empty"
    : `${conversations.toLocaleString("en-US")} (${(conversations * messagesPer).toLocaleString("en-US")})`

function findingOf(visits: [Company, Visit[]][]): Finding {
  const filled = visits.filter(([{ conversations }]) => conversations > 0)
  const at = (name: string, all: readonly Visit[], share: number): number =>
    percentile(
      all.flatMap(({ times }) => times.get(name) ?? []),
      share,
    )
  const [, smallest = []] = filled[0] ?? []
  const [largestCompany, largest = []] = filled.at(-1) ?? []
  const looks: Table = {
    columns: [
      { name: "ms, p50 and p99, at conversations (messages)" },
      ...filled.flatMap(([company]) => [
        { name: sizeText(company), digits: 1 },
        { name: "p99", digits: 1 },
      ]),
      { name: "largest ÷ smallest, p50", digits: 2 },
      { name: "p99", digits: 2 },
    ],
    rows: operations.map(({ name }): Cell[] => [
      name,
      ...filled.flatMap(([, all]) => [at(name, all, 0.5), at(name, all, 0.99)]),
      at(name, largest, 0.5) / at(name, smallest, 0.5),
      at(name, largest, 0.99) / at(name, smallest, 0.99),
    ]),
  }
  const rate = (all: readonly Visit[], of: "few" | "any"): number => median(all.flatMap((one) => one[of] ?? []))
  const [, empty = []] = visits[0] ?? []
  const accepts: Table = {
    columns: [
      { name: "accepted per second, at conversations (messages)" },
      { name: "of 500 conversations" },
      { name: "÷ empty", digits: 2 },
      { name: "of any conversation" },
      { name: "÷ empty", digits: 2 },
    ],
    rows: visits.map(([company, all]): Cell[] => [
      sizeText(company),
      rate(all, "few"),
      rate(all, "few") / rate(empty, "few"),
      company.conversations === 0 ? null : rate(all, "any"),
      company.conversations === 0 ? null : rate(all, "any") / rate(empty, "few"),
    ]),
  }
  const ratios = operations
    .filter(({ isList }) => isList)
    .map(
      ({ name }): Aim => ({
        what: `${name}, p99 at ${largestCompany?.conversations.toLocaleString("en-US")} conversations ÷ at ${filled[0]?.[0].conversations.toLocaleString("en-US")}`,
        figure: at(name, largest, 0.99) / at(name, smallest, 0.99),
        most: 1.5,
      }),
    )
  return {
    tables: [looks, accepts],
    aims: [
      ...ratios,
      {
        what: `accept with ${((largestCompany?.conversations ?? 0) * (largestCompany?.messagesPer ?? 0)).toLocaleString("en-US")} messages ÷ empty`,
        figure: rate(largest, "few") / rate(empty, "few"),
        least: 0.9,
      },
    ],
    plots: [],
  }
}
