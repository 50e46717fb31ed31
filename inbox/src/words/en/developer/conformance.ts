import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("en")

/** The conformance report. */
export const conformance = {
  lead: "Plays the platform, and a hostile one, against your server. It sends real messages: use a throw-away type.",
  app: "Channel type",
  url: "Address to check",
  confirm: "It may send messages to a type that has channels",
  run: "Run the checks",
  running: (count: number) => plural(count, { one: "# check done", other: "# checks done" }),
  summary: (counts: { pass: number; fail: number; warn: number; skipped: number }) =>
    `${counts.pass} passed, ${counts.fail} failed, ${counts.warn} warned, ${counts.skipped} skipped`,
  ended: "The checks ended early",
  results: { pass: "Passed", fail: "Failed", warn: "Warning", skipped: "Skipped" },
  only: "Run only this",
  fix: "Fix",
  evidence: "Evidence",
  export: "Report",
  formats: { html: "Page", junit: "JUnit", json: "JSON" },
  earlier: "Earlier runs",
  empty: "No run yet",
  emptyText: "Choose a channel type and run the checks; the report says what is left to do.",
  groups: {
    AUTH: "Authorization",
    MSG: "Messages",
    AUTO: "Automatic replies",
    IMP: "Notices",
    DEL: "Deletion",
    SIG: "Signatures",
    ERR: "Errors",
    ORD: "Order and copies",
    TIME: "Timing",
  } as Record<string, string>,
}
