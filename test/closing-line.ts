import type { Reporter, TestModule } from "vitest/node"

/**
 * Ends every run with "N passed, N failed, N skipped" alone on a line, for scripts that read only that. Files that do not even load count as failed.
 * Before it come the tests that passed only when tried again, each on a line: a second try hides nothing.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    let unsteady = ""
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests)
        if (test.diagnostic()?.flaky)
          unsteady += `passed at its second try: ${module.relativeModuleId} > ${test.fullName}\n`
      const states = tests.map((test) => test.result().state)
      for (const state of states) if (state !== "pending") count[state]++
      if (module.state() === "failed" && !states.includes("failed")) count.failed++
    }
    // After the summary of the reporter before this one, which writes at the same moment.
    setImmediate(() =>
      process.stdout.write(`${unsteady}${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`),
    )
  }
}
