import type { search as English } from "../en/search.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const search: typeof English = {
  search: {
    placeholder: "Wörter, Namen, oder channel: is: from: tag: …",
    narrow: "Die Suche eingrenzen",
    unknown: "gibt es nicht",
    looking: "Es wird gesucht …",
    note: "Notiz:",
    begin: [
      "Alles durchsuchen",
      "Nachrichten, Notizen, Kontakte und was in Anrufen gesagt wurde. Das letzte Wort darf der Anfang eines Wortes sein.",
    ],
    none: ["Nichts gefunden", "Versuchen Sie es mit weniger oder anderen Wörtern."],
    partial:
      "Ein Teil fehlt, weil es zu lange gedauert hätte, alles zu durchsuchen. Nehmen Sie seltenere Wörter, oder grenzen Sie die Suche ein.",
    local: "Der Server ist nicht zu erreichen: Das ist nur, was dieses Gerät hat.",
    without: (filter) => `Ohne ${filter}`,
    count: (count) => plural(count, { one: "# Ergebnis", other: "# Ergebnisse" }),
    groups: {
      messages: "Nachrichten und Notizen",
      conversations: "Unterhaltungen",
      contacts: "Kontakte",
      calls: "Anrufe",
    },
    hints: {
      channel: "Aus einem Kanal: channel:sms",
      is: "Wie es steht: is:open, unassigned, assigned, archived, snoozed, trashed, failed, unread, waiting",
      from: "Wer es schrieb: from:+4366012345",
      assignee: "Wem es zugewiesen ist: assignee:me",
      tag: "Mit einem Schlagwort: tag:urgent",
      inbox: "In einem Posteingang: inbox:support",
      before: "Vor einem Tag: before:2026-01-31",
      after: "Ab einem Tag: after:2026-01-31",
    },
  },
}
