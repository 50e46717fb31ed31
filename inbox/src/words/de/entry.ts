import type { entry as English } from "../en/entry.ts"

export const entry: typeof English = {
  product: "Causeway",
  loading: "Wird geladen …",
  retry: "Erneut versuchen",
  close: "Schließen",
  slow: "Das dauert länger als gewöhnlich.",
  unreachable: {
    title: "Der Server antwortet nicht",
    text: "Nichts von dem, was Sie geschrieben haben, ist verloren; was Sie sehen, ist vielleicht nicht aktuell. Wir versuchen es von selbst weiter.",
    status: (status) => `Der Server hat ${status} geantwortet`,
  },
  refused: {
    unanswered:
      "Der Server antwortet nicht; ob es geschehen ist, weiß niemand. Sehen Sie nach und versuchen Sie es dann noch einmal.",
    signedOut: "Sie sind abgemeldet. Nichts wurde geändert; melden Sie sich an und wiederholen Sie es.",
    unproved: "Sie haben nicht bestätigt, dass Sie es sind. Nichts wurde geändert.",
    forbidden: "Ihre Rolle erlaubt das nicht. Nichts wurde geändert; fragen Sie einen Admin.",
    missing: "Es ist nicht mehr da oder für Sie geschlossen. Nichts wurde geändert; laden Sie die Seite neu.",
    tooLarge: "Es ist größer, als der Server annimmt. Nichts wurde geändert; verkleinern Sie es.",
    tooMany: (seconds) =>
      `Das war zu oft in kurzer Zeit. Nichts wurde geändert; versuchen Sie es in ${seconds ?? 60} s noch einmal.`,
    clash: (reason) => `Es passt nicht mehr zu dem, was da ist. Nichts wurde geändert. Der Server sagt ${reason}`,
    incorrect: (reason) =>
      `Nichts wurde geändert; berichtigen Sie es und versuchen Sie es noch einmal. Der Server sagt ${reason}`,
  },
  failedLoad: {
    list: "Diese Liste konnte nicht geladen werden.",
    conversation: "Diese Unterhaltung konnte nicht geladen werden.",
    missing: "Unter dieser Adresse gibt es keine Unterhaltung.",
    missingHint: "Vielleicht wurde sie zusammengeführt oder gelöscht, oder der Link ist abgeschnitten.",
    back: "Zurück zur Liste",
  },
}
