import type { Reporter, TestModule } from "vitest/node"
import { sliceTimes } from "./slices.ts"

/** From this many files on a run is that of all tests, and its slices are held to their minutes. */
const allFrom = 150

/**
 * Ends every run with "N passed, N failed, N skipped" alone on a line, for scripts that read only that. Files that do not even load count as failed, and so
 * does a slice of the whole run that has outgrown its minutes. Before it come the tests that passed only when tried again: a second try hides nothing.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    let told = ""
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests)
        if (test.diagnostic()?.flaky)
          told += `passed at its second try: ${module.relativeModuleId} > ${test.fullName}\n`
      const states = tests.map((test) => test.result().state)
      for (const state of states) if (state !== "pending") count[state]++
      if (module.state() === "failed" && !states.includes("failed")) count.failed++
    }
    if (modules.length >= allFrom && process.env.CAUSEWAY_FULL !== "1")
      for (const { name, seconds, plannedSeconds, isOver } of sliceTimes(modules)) {
        told += `${name}: ${seconds.toFixed(0)} of ${plannedSeconds} worker seconds${isOver ? ", which is too much: make its tests quicker, or larger only by --full" : ""}\n`
        if (isOver) {
          count.failed++
          process.exitCode = 1
        }
      }
    // After the summary of the reporter before this one, which writes at the same moment.
    setImmediate(() =>
      process.stdout.write(`${told}${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`),
    )
  }
}
