import { on } from "node:events"
import type { ReadStream } from "node:tty"
import { run } from "./run.ts"

/** The process: stdin, stdout, signals and the exit code around `run`. */
export async function main(): Promise<void> {
  const { env, stdin, stdout, stderr } = process
  const interrupted = new AbortController()
  // The second one ends us at once, as it does every other program.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => interrupted.abort())
  // Who stops reading (`| head`) ends us quietly.
  stdout.on("error", () => process.exit(0))
  process.exitCode = await run(process.argv.slice(2), {
    env,
    cwd: process.cwd(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    async stdin() {
      const pieces: Buffer[] = []
      for await (const piece of stdin) pieces.push(piece as Buffer)
      return Buffer.concat(pieces).toString("utf8")
    },
    columns: stderr.isTTY === true ? stderr.columns : null,
    keys: (signal) => (stdin.isTTY === true ? pressedOn(stdin, signal) : null),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    hasColours: stdout.isTTY === true && env.NO_COLOR === undefined,
    signal: interrupted.signal,
  })
}

/** Key by key; Ctrl-C stays what it is everywhere. The terminal is given back as it was. */
async function* pressedOn(stdin: ReadStream, signal: AbortSignal): AsyncGenerator<string> {
  stdin.setRawMode(true)
  try {
    for await (const [piece] of on(stdin, "data", { signal })) {
      for (const key of String(piece)) {
        if (key === ctrlC) process.kill(process.pid, "SIGINT")
        else yield key
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    stdin.setRawMode(false)
    stdin.unref()
  }
}

const ctrlC = "\u0003"
