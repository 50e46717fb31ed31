import type { Reporter, TestModule } from "vitest/node"

/** Ends every run with "N passed, N failed, N skipped" alone on a line, for scripts that read only that. Files that do not even load count as failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state)
      for (const state of states) if (state !== "pending") count[state]++
      if (module.state() === "failed" && !states.includes("failed")) count.failed++
    }
    // After the summary of the reporter before this one, which writes at the same moment.
    setImmediate(() =>
      process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`),
    )
  }
}
