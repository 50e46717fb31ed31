import type { CheckReport, CheckResult } from "./index.ts"

/** What the first part of a check's id means. */
const groupNames: Record<string, string> = {
  AUTH: "Authorization",
  MSG: "Messages",
  AUTO: "Automatic replies",
  IMP: "Notices",
  DEL: "Deletion",
  SIG: "Signatures",
  ERR: "Errors",
  ORD: "Order and copies",
  TIME: "Timing",
}

/** The results by what they are about, each in the order in which the checks ran. */
export const byGroup = (results: readonly CheckResult[]): [name: string, results: CheckResult[]][] => [
  ...Map.groupBy(results, ({ id }) => groupNames[id.split("-")[0] ?? ""] ?? "Others"),
]

/** `72 checks: 70 passed, 0 failed, 0 warnings, 2 skipped`. */
export const countsText = ({ results, counts }: CheckReport): string =>
  `${results.length} checks: ${counts.pass} passed, ${counts.fail} failed, ${counts.warn} warnings, ${counts.skipped} skipped`

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** For HTML and XML. Characters that XML cannot hold are left out. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (one) => entities[one] ?? one)
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
