import { type ChildProcess, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import type { ConformanceResult, ConformanceRun } from "@causeway/contract/endpoints/developer"
import type { Log } from "../log.ts"

/** The checks are the kit's and a program of their own: they are hostile on purpose, and nothing of them is imported. */
const program = fileURLToPath(new URL("../../../sdk/src/check/program.ts", import.meta.url))
/** All checks together take seconds against a server that answers. */
const runMs = 10 * 60_000
const runsKept = 20
const runsAtOnce = 2

export interface RunOrder {
  companyId: number
  appUid: string
  url: string
  /** The address that was judged. */
  address: string
  secret: string
  credential?: string | undefined
  recipient?: string | undefined
  only?: readonly string[] | undefined
}

export interface KeptRun extends ConformanceRun {
  companyId: number
  html: string | null
  junit: string | null
}

export interface Conformance {
  /** Null: two are running already. */
  start(order: RunOrder): KeptRun | null
  find(companyId: number, id: string): KeptRun | null
  list(companyId: number): KeptRun[]
  /** Resolves when the run has changed, or after `ms`. */
  next(ms: number): Promise<void>
  stop(): Promise<void>
}

export function createConformance(log: Log): Conformance {
  const runs: KeptRun[] = []
  const children = new Set<ChildProcess>()
  const waiting = new Set<() => void>()
  let number = 0
  const changed = () => {
    for (const wake of waiting) wake()
  }

  function follow(run: KeptRun, child: ChildProcess): void {
    const timer = setTimeout(() => child.kill("SIGKILL"), runMs)
    if (child.stdout !== null)
      onLines(child.stdout, (line) => {
        note(run, line)
        changed()
      })
    child.once("close", (code) => {
      clearTimeout(timer)
      children.delete(child)
      if (run.state === "running") {
        run.state = "failed"
        run.problem = `the checks ended early${code === null ? "" : ` (exit code ${code})`}`
        log.error({ run: run.id, code }, "conformance.ended_early")
      }
      changed()
    })
  }

  return {
    start(order) {
      if (children.size >= runsAtOnce) return null
      const run: KeptRun = {
        id: `run${++number}`,
        companyId: order.companyId,
        app_uid: order.appUid,
        url: order.url,
        started_at: Date.now() / 1000,
        state: "running",
        problem: null,
        counts: { pass: 0, fail: 0, warn: 0, skipped: 0 },
        results: [],
        html: null,
        junit: null,
      }
      runs.unshift(run)
      runs.splice(runsKept)
      // Nothing of our environment is its business.
      const child = spawn(process.execPath, [program], {
        stdio: ["pipe", "pipe", "inherit"],
        env: { PATH: process.env.PATH },
      })
      children.add(child)
      child.on("error", (error) => log.error({ err: error }, "conformance.not_started"))
      child.stdin?.on("error", () => {})
      const { url, address, secret, credential, recipient, only } = order
      child.stdin?.end(JSON.stringify({ url, address, secret, credential, recipient, only, allowRemote: true }))
      follow(run, child)
      return run
    },
    find: (companyId, id) => runs.find((run) => run.companyId === companyId && run.id === id) ?? null,
    list: (companyId) => runs.filter((run) => run.companyId === companyId),
    next: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiting.delete(end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        timer.unref()
        waiting.add(end)
      }),
    async stop() {
      await Promise.all(
        [...children].map((child) => {
          child.kill("SIGKILL")
          return new Promise((resolve) => child.once("close", resolve))
        }),
      )
    },
  }
}

/** Lines end with a line feed and nothing else: JSON may hold the other separators that a reader of texts would stop at. */
function onLines(stream: Readable, take: (line: string) => void): void {
  let rest = ""
  stream.setEncoding("utf8")
  stream.on("data", (piece: string) => {
    const lines = (rest + piece).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) take(line)
  })
}

interface Evidence {
  method: string
  url: string
  sent: string
  status: number
  body: string
  tookMs: number
  problem: string | null
}
type Line =
  | { result: Omit<ConformanceResult, "took_ms" | "evidence"> & { tookMs: number; evidence: Evidence[] } }
  | { report: { html: string; junit: string } }

/** Shown of each side of an exchange. */
const shownCharsMax = 2_000

function note(run: KeptRun, text: string): void {
  const line = JSON.parse(text) as Line
  if ("report" in line) {
    run.html = line.report.html
    run.junit = line.report.junit
    run.state = "done"
    return
  }
  const { id, requirement, source, result, detail, fix, tookMs, evidence } = line.result
  run.counts[result]++
  run.results.push({
    id,
    requirement,
    source,
    result,
    detail,
    fix,
    took_ms: tookMs,
    evidence: evidence.slice(0, 10).map((one) => ({
      method: one.method,
      url: one.url,
      sent: one.sent.slice(0, shownCharsMax),
      status: one.status,
      body: one.body.slice(0, shownCharsMax),
      took_ms: one.tookMs,
      problem: one.problem,
    })),
  })
}
