import type { conformance as English } from "../../en/developer/conformance.ts"
import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("de")

export const conformance: typeof English = {
  lead: "Spielt die Plattform, auch eine feindliche, gegen Ihren Server. Dabei gehen echte Nachrichten hinaus: Nehmen Sie einen Typ zum Wegwerfen.",
  app: "Kanaltyp",
  url: "Zu prüfende Adresse",
  confirm: "Es darf Nachrichten an einen Typ mit Kanälen senden",
  run: "Prüfungen ausführen",
  running: (count) => plural(count, { one: "# Prüfung fertig", other: "# Prüfungen fertig" }),
  summary: ({ pass, fail, warn, skipped }) =>
    `${pass} bestanden, ${fail} fehlgeschlagen, ${warn} mit Warnung, ${skipped} ausgelassen`,
  ended: "Die Prüfungen endeten vorzeitig",
  results: { pass: "Bestanden", fail: "Fehlgeschlagen", warn: "Warnung", skipped: "Ausgelassen" },
  only: "Nur diese",
  fix: "Abhilfe",
  evidence: "Belege",
  export: "Bericht",
  formats: { html: "Seite", junit: "JUnit", json: "JSON" },
  earlier: "Frühere Läufe",
  empty: "Noch kein Lauf",
  emptyText: "Wählen Sie einen Kanaltyp und führen Sie die Prüfungen aus; der Bericht sagt, was noch zu tun ist.",
  groups: {
    AUTH: "Anmeldung",
    MSG: "Nachrichten",
    AUTO: "Automatische Antworten",
    IMP: "Meldungen",
    DEL: "Löschen",
    SIG: "Signaturen",
    ERR: "Fehler",
    ORD: "Reihenfolge und Wiederholungen",
    TIME: "Zeiten",
  },
}
