import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { byGroup, type CheckReport, checkChannel, checkIds, countsText, toHtml, toJunit } from "@causeway/sdk/check"
import { api, reasonOf, seg } from "../api.ts"
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
    const only = onlyOf(call)
    const wanted = checkIds().filter((id) => only?.some((beginning) => id.startsWith(beginning)) ?? true)
    await reach(url, call)
    let done = 0
    const report = await runChecks({
      url,
      secret,
      allowRemote: call.flag("allow-remote"),
      // On a terminal alone: elsewhere it would be a line for each check.
      onResult: ({ id }) => (call.world.columns === null ? undefined : call.progress(++done, wanted.length, id)),
      ...(credential !== undefined && { credential }),
      ...(recipient !== undefined && { recipient }),
      ...(only !== undefined && { only }),
      ...(slow !== undefined && { slowText: (seconds: number) => slow.replace("{seconds}", String(seconds)) }),
    })
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

/** Beginnings of ids. Throws a `Failure` for one that no check has. */
function onlyOf(call: Call): string[] | undefined {
  const only = call
    .option("only")
    ?.split(",")
    .map((beginning) => beginning.trim())
  const ids = checkIds()
  const stray = only?.find((beginning) => !ids.some((id) => id.startsWith(beginning)) || beginning === "")
  if (stray === undefined) return only
  const kinds = [...new Set(ids.map((id) => id.split("-")[0]))].join(", ")
  throw usageFailure(`no check begins with "${stray}"; there are ${kinds}`, "causeway check … --only AUTH,MSG-07")
}

const reachTimeoutMs = 5000
/** Nobody is there, or not behind this certificate: every check would only say so again. */
const unreachable =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|.*(CERT|SSL|TLS|SELF_SIGNED).*|UNABLE_TO_.*)$/

/** Throws a `Failure` where no server is at the address. What it answers does not matter. */
async function reach(url: string, call: Call): Promise<void> {
  if (!isHere(url) && !call.flag("allow-remote")) return
  const timeout = AbortSignal.timeout(reachTimeoutMs)
  try {
    await fetch(url, { redirect: "manual", signal: AbortSignal.any([timeout, call.world.signal]) })
  } catch (error) {
    const reason = reasonOf(error)
    if (unreachable.test(reason))
      throw new Failure(
        exit.network,
        `${new URL(url).origin} cannot be reached (${reason})`,
        `start your server, then again: causeway check ${url}`,
      )
  }
}

const isHere = (url: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)

async function runChecks(options: Parameters<typeof checkChannel>[0]): Promise<CheckReport> {
  try {
    return await checkChannel(options)
  } catch (error) {
    if (error instanceof TypeError && options.allowRemote !== true && !isHere(options.url))
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

function textOf(call: Call, report: CheckReport): string {
  const { url, results } = report
  const heads = byGroup(results).map(([name, list]) => {
    const passed = list.filter(({ result }) => result === "pass").length
    return `  ${name.padEnd(18)} ${`${passed}/${list.length}`.padStart(5)}\n`
  })
  const found = results
    .filter(({ result }) => result !== "pass")
    .map(({ id, requirement, result, detail, fix }) => {
      const rest = result === "skipped" ? "" : `\n      Fix: ${fix}`
      return `  ${paint(call.world, colours[result], `${marks[result]} ${id}`)} ${requirement}\n      ${detail}${rest}\n`
    })
  return `${url}\n${heads.join("")}${found.join("")}${countsText(report)}\n`
}
