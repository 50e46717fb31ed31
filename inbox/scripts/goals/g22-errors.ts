import type { Goal } from "./goal.ts"
import { runTests, saidOf } from "./in-tests.ts"

const errorsMin = 60
/** Of each kind, tests that provoke it and look at what is on the screen or the terminal then. */
const provoking = ["test/failures.test.ts", "inbox/src/refusal.test.ts", "test/cli.test.ts"]

export const goal: Goal = {
  id: "G22",
  goal: "≥ 60 errors, each with title, meaning, fix and a place in the docs; the command's end in Fix:; none shows an exception",
  async run(full) {
    const onScreens = await runTests("inbox/src/errors.test.ts", { full })
    const ofChecks = await runTests("sdk/src/check/check.test.ts", { full: false })
    const [screens, checks] = [Number(saidOf(onScreens, "errors")), Number(saidOf(ofChecks, "checks"))]
    const runs = [onScreens, ofChecks]
    for (const file of provoking) runs.push(await runTests(file, { full }))
    const [tests, failed] = [runs.flatMap((ran) => ran.tests), runs.flatMap((ran) => ran.failed)]
    return {
      figure: `${screens + checks}: ${screens} on screens, ${checks} of the checks; ${tests.length - failed.length} of ${tests.length} tests that provoke them hold`,
      reached: failed.length === 0 && screens + checks >= errorsMin,
    }
  },
}
