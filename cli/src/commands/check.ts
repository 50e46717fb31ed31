import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type CheckReport, checkChannel, toHtml, toJunit } from "@causeway/sdk/check"
import { api, seg } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { paint } from "../text.ts"

export const check: Command = {
  args: ["url_or_app"],
  options: {
    only: { value: "IDS", text: "ids or beginnings of ids, with commas: MSG-07,SIG" },
    html: { value: "FILE", text: "write the report as a page" },
    junit: { value: "FILE", text: "write the report for a CI" },
    recipient: { value: "HANDLE", text: "to whom the messages go; +15550100 unless given" },
    slow: { value: "TEXT", text: 'the text that makes the provider slow, with {seconds} in it: "!slow {seconds}"' },
    "allow-remote": { text: "check a server that is not on this machine: a throw-away one" },
  },
  more: `An address of a server, or the uid of an app: then the address is the app's own. The app's secret is read from CAUSEWAY_APP_SECRET, a credential
from CAUSEWAY_CREDENTIAL. Real messages are sent, so only servers on this machine are checked unless told. Exit code 1 where a check fails.`,
  examples: [
    "CAUSEWAY_APP_SECRET=s3cret causeway check http://localhost:3000/hooks --only AUTH,MSG",
    "CAUSEWAY_APP_SECRET=s3cret causeway check 61354762609432 --html report.html --junit report.xml --json",
  ],
  async run(call) {
    const secret = call.settings.need("CAUSEWAY_APP_SECRET", "the app's secret")
    const url = await urlOf(call)
    const slow = call.option("slow")
    const credential = call.settings.find("CAUSEWAY_CREDENTIAL")
    const recipient = call.option("recipient")
    const only = call.option("only")?.split(",")
    const report = await runChecks({
      url,
      secret,
      allowRemote: call.flag("allow-remote"),
      ...(credential !== undefined && { credential }),
      ...(recipient !== undefined && { recipient }),
      ...(only !== undefined && { only }),
      ...(slow !== undefined && { slowText: (seconds: number) => slow.replace("{seconds}", String(seconds)) }),
    })
    if (report.results.length === 0)
      throw usageFailure(`no check begins with ${call.option("only")}`, "causeway check … --only AUTH,MSG")
    for (const [option, write] of [
      ["html", toHtml],
      ["junit", toJunit],
    ] as const) {
      const path = call.option(option)
      if (path !== undefined) await writeFile(join(call.world.cwd, path), write(report))
    }
    call.show(report, textOf(call, report))
    if (report.counts.fail === 0) return exit.ok
    throw new Failure(
      exit.failed,
      `${report.counts.fail} of ${report.results.length} checks failed`,
      report.results.find(({ result }) => result === "fail")?.fix ?? "",
    )
  },
}

async function runChecks(options: Parameters<typeof checkChannel>[0]): Promise<CheckReport> {
  try {
    return await checkChannel(options)
  } catch (error) {
    if (error instanceof TypeError)
      throw usageFailure(error.message, "add --allow-remote where its app is a throw-away one")
    throw error
  }
}

async function urlOf(call: Call): Promise<string> {
  const target = call.arg(0)
  if (/^https?:\/\//.test(target) && URL.canParse(target)) return target
  if (/^\d+$/.test(target)) return (await api(call, "GET", `/causeway/apps/${seg(target)}`)).body.webhook_url
  throw usageFailure(`"${target}" is neither an address nor an app's uid`, "causeway check http://localhost:3000/hooks")
}

const marks = { pass: "✓", fail: "✕", warn: "!", skipped: "–" } as const
const colours = { pass: "green", fail: "red", warn: "yellow", skipped: "dim" } as const

function textOf(call: Call, { url, counts, results }: CheckReport): string {
  const kinds = Map.groupBy(results, ({ id }) => id.split("-")[0] ?? "")
  const heads = [...kinds].map(([kind, list]) => {
    const passed = list.filter(({ result }) => result === "pass").length
    return `  ${kind.padEnd(6)} ${`${passed}/${list.length}`.padStart(5)}\n`
  })
  const found = results
    .filter(({ result }) => result !== "pass")
    .map(({ id, requirement, result, detail, fix }) => {
      const rest = result === "skipped" ? "" : `\n      Fix: ${fix}`
      return `  ${paint(call.world, colours[result], `${marks[result]} ${id}`)} ${requirement}\n      ${detail}${rest}\n`
    })
  const total = `${results.length} checks: ${counts.pass} passed, ${counts.fail} failed, ${counts.warn} warnings, ${counts.skipped} skipped\n`
  return `${url}\n${heads.join("")}${found.join("")}${total}`
}
