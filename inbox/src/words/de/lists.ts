import type { lists as English } from "../en/lists.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const lists: typeof English = {
  views: {
    more: "Mehr",
    section: {
      channels: "Kanäle",
      inboxes: "Posteingänge",
      tags: "Schlagwörter",
      offline: "Getrennt",
      paused: "Angehalten",
    },
    label: "Ansichten",
    names: {
      open: "Offen",
      unassigned: "Nicht zugewiesen",
      mine: "Meine",
      failed: "Gescheitert",
      drafts: "Entwürfe",
      snoozed: "Zurückgestellt",
      archived: "Archiviert",
      trash: "Papierkorb",
    },
  },
  list: {
    search: "Suche",
    label: "Unterhaltungen",
    asOf: (time) => `Stand ${time}`,
    fresh: (count) => plural(count, { one: "# neue", other: "# neue" }),
    failed: (count) => plural(count, { one: "Gescheitert", other: "# gescheitert" }),
    draft: "Entwurf",
    waiting: "Wartet auf eine Antwort",
    you: "Sie: ",
    unread: "Ungelesen",
    call: "Anruf",
    draftBy: (name) => `Entwurf von ${name}`,
    until: (time) => `Zurückgestellt bis ${time}`,
    beyond: (count) =>
      plural(count, {
        one: "# weitere Unterhaltung weiter unten: suchen Sie, oder grenzen Sie die Liste ein",
        other: "# weitere Unterhaltungen weiter unten: suchen Sie, oder grenzen Sie die Liste ein",
      }),
    nothing: ["Hier passt nichts", "Keine Unterhaltung dieser Liste gehört zu allem, was Sie gewählt haben."],
    clear: "Alle zeigen",
    closed: [
      "Diese Liste ist für Sie geschlossen",
      "Eine Administratorin oder ein Administrator kann den Posteingang für Sie öffnen.",
    ],
    gone: [
      "Diese Unterhaltung gibt es hier nicht mehr",
      "Sie wurde gelöscht oder in einen Posteingang verschoben, der für Sie geschlossen ist.",
    ],
    followed: "Diese Unterhaltung wurde zusammengeführt und geht hier weiter.",
    narrowed: "Eingegrenzt auf",
    takeOff: "wegnehmen",
    unnamed: "unbekannt",
    by: { inbox: "Posteingang", channel: "Kanal", tag: "Schlagwort", assignee: "Zugewiesen an" },
    sort: "Sortieren",
    sorts: { newest: "Neueste zuerst", oldest: "Älteste zuerst", waiting: "Wer am längsten wartet, zuerst" },
    empty: {
      drafts: ["Keine Entwürfe", "Antworten, die Sie begonnen und nicht gesendet haben, stehen hier."],
      snoozed: [
        "Nichts zurückgestellt",
        "Unterhaltungen, die Sie zurückstellen, stehen hier, bis sie von selbst wiederkommen.",
      ],
      trash: ["Der Papierkorb ist leer", "Was in den Papierkorb kommt, bleibt hier, bis es endgültig gelöscht wird."],
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
