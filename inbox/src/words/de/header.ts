import type { header as English } from "../en/header.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const header: typeof English = {
  header: {
    showContact: "Kontakt zeigen",
    hideContact: "Kontakt verbergen",
    discussion: "Gespräch unter Kolleginnen und Kollegen",
    label: "Aktionen der Unterhaltung",
    status: {
      open: "Offen",
      deleted: "Im Papierkorb",
      spam: "Unerwünscht",
      snoozed: (until) => `Zurückgestellt bis ${until}`,
    },
    assign: {
      label: "Zuweisen",
      to: (name) => `${name} zugewiesen`,
      nobody: "Niemand",
      me: (name) => `${name} (Sie)`,
      search: "Person oder Team suchen",
      none: "Niemand heißt so.",
      away: "abwesend",
      done: (name, assignee) => `„${name}“ an ${assignee} zugewiesen`,
    },
    tags: {
      label: "Schlagwörter",
      search: "Schlagwort suchen oder anlegen",
      none: "Kein Schlagwort heißt so.",
      create: (name) => `„${name}“ anlegen`,
      remove: (tag) => `Schlagwort ${tag} entfernen`,
      added: (tag, name) => `Schlagwort ${tag} bei „${name}“ gesetzt`,
      removed: (tag, name) => `Schlagwort ${tag} von „${name}“ entfernt`,
    },
    snooze: {
      label: "Zurückstellen",
      title: "Darauf zurückkommen",
      inAnHour: "In einer Stunde",
      laterToday: "Später heute",
      tomorrow: "Morgen",
      nextWeek: "Nächste Woche",
      choose: "Zeitpunkt wählen",
      confirm: "Übernehmen",
      end: "Jetzt wieder öffnen",
      past: "Wählen Sie einen Zeitpunkt, der noch kommt.",
      done: (name, until) => `„${name}“ bis ${until} zurückgestellt`,
      ended: (name) => `„${name}“ ist nicht mehr zurückgestellt`,
    },
    follow: {
      failed: "Die Folgenden konnten nicht geladen werden",
      label: "Wer folgt",
      search: "Person suchen",
      none: "Niemand heißt so.",
      count: (count) =>
        count === 0 ? "Niemand folgt" : plural(count, { one: "# Person folgt", other: "# Personen folgen" }),
      hint: "Wer folgt, erfährt alles Neue hier. Wer in einer Notiz erwähnt wird, folgt von da an.",
      added: (who, name) => `${who} folgt „${name}“`,
      removed: (who, name) => `${who} folgt „${name}“ nicht mehr`,
    },
    trash: {
      label: "In den Papierkorb",
      title: (name) => `Die Unterhaltung mit ${name} in den Papierkorb legen?`,
      text: "Sie verschwindet aus allen Listen. Sie kommt zurück, wenn wieder geschrieben wird oder Sie sie wiederherstellen.",
      confirm: "In den Papierkorb",
      cancel: "Behalten",
      restore: "Wiederherstellen",
      done: (name) => `„${name}“ liegt im Papierkorb`,
      restored: (name) => `„${name}“ wiederhergestellt`,
    },
  },
  presence: {
    label: "Wer noch hier ist",
    viewing: "sieht zu",
    away: "abwesend",
    replying: "antwortet",
    one: (name, state) => `${name}: ${state}`,
    started: (name) => `${name} hat begonnen zu antworten`,
  },
}
