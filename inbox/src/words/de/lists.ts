import type { lists as English } from "../en/lists.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const lists: typeof English = {
  views: {
    label: "Ansichten",
    names: {
      open: "Offen",
      mine: "Meine",
      unassigned: "Nicht zugewiesen",
      failed: "Gescheitert",
      archived: "Archiviert",
    },
  },
  list: {
    label: "Unterhaltungen",
    asOf: (time) => `Stand ${time}`,
    more: "Ältere Unterhaltungen laden",
    loadingMore: "Ältere Unterhaltungen werden geladen …",
    fresh: (count) => plural(count, { one: "# neue", other: "# neue" }),
    failed: (count) => plural(count, { one: "Gescheitert", other: "# gescheitert" }),
    draft: "Entwurf",
    waiting: "Wartet auf eine Antwort",
    you: "Sie: ",
    empty: {
      open: ["Nichts offen", "Neue Nachrichten aus Ihren Kanälen erscheinen hier von selbst."],
      mine: [
        "Ihnen ist nichts zugewiesen",
        "Öffnen Sie eine Unterhaltung und wählen Sie „Mir zuweisen“, dann steht sie hier.",
      ],
      unassigned: ["Nichts wartet", "Offene Unterhaltungen, die niemand übernommen hat, stehen hier."],
      failed: ["Alles wurde zugestellt", "Antworten, die nicht angekommen sind, stehen hier, mit dem Grund."],
      archived: [
        "Nichts archiviert",
        "Erledigte Unterhaltungen kommen hierher. Eine neue Nachricht bringt sie zurück.",
      ],
    },
  },
  first: {
    title: "Noch keine Nachrichten",
    text: "Verbinden Sie einen Kanal oder senden Sie eine Testnachricht über einen verbundenen: Sie erscheint hier sofort.",
    tokenTitle: "Ihr API-Token",
    tokenText: "Er verbindet Kanäle und wird nur jetzt gezeigt. Bewahren Sie ihn bei Ihren Passwörtern auf.",
    copy: "Token kopieren",
    copied: "Kopiert",
  },
}
