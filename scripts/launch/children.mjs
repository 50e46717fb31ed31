import { spawn } from "node:child_process"
import { constants } from "node:os"

/**
 * One child at a time, and what a signal to this process means for it: the first SIGINT, SIGTERM or SIGHUP is passed on once and we wait, so that
 * whoever sees this process end knows that nothing is left behind. A terminal and npm both send the signal again; more changes nothing.
 */
let child = null
let stopping = null

/** The signal that ends this run, or null. */
export const stoppedBy = () => stopping

export function forwardSignals() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal))
  watchParent()
}

function stop(signal) {
  if (stopping !== null) return
  stopping = signal
  child?.kill(signal === "SIGHUP" ? "SIGTERM" : signal)
}

/** npm killed without a word (SIGKILL, SIGQUIT) must leave nothing behind either. Not looked at outside npm: `node scripts/launch.mjs start &` may outlive its shell. */
function watchParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) stop("SIGTERM")
  }, 1000).unref()
}

/**
 * Runs a command to its end and returns its exit code; 128 + n where signal n ended it.
 * `stdout: "stderr"` moves what it prints out of the way of what scripts read.
 */
export function run(command, args, { stdout = "stdout", ...options } = {}) {
  if (stopping !== null) return Promise.resolve(codeOfSignal(stopping))
  return new Promise((resolve, reject) => {
    child = spawn(command, args, { stdio: ["inherit", stdout === "stderr" ? 2 : "inherit", "inherit"], ...options })
    child.once("error", reject)
    child.once("exit", (code, signal) => {
      child = null
      resolve(code ?? codeOfSignal(signal))
    })
  })
}

const codeOfSignal = (signal) => 128 + (constants.signals[signal] ?? 0)
