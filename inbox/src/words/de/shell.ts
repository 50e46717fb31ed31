import type { shell as English } from "../en/shell.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const shell: typeof English = {
  panes: {
    list: "Größe der Liste",
  },
  skip: {
    label: "Sprungmarken",
    list: "Zur Liste springen",
    conversation: "Zur Unterhaltung springen",
    reply: "Zur Antwort springen",
  },
  activity: {
    label: "Verlauf",
    live: "Verbunden",
    connecting: "Verbindung wird aufgebaut …",
    reconnecting: (time) =>
      time === null ? "Verbindung wird wiederhergestellt …" : `Verbindung wird wiederhergestellt … Stand ${time}`,
    catchingUp: (changes) => plural(changes, { one: "Holt auf (# Änderung)", other: "Holt auf (# Änderungen)" }),
    offline: (waiting) =>
      waiting === 0
        ? "Ohne Verbindung"
        : plural(waiting, {
            one: "Ohne Verbindung — # Antwort wartet auf diesem Gerät",
            other: "Ohne Verbindung — # Antworten warten auf diesem Gerät",
          }),
    archived: (name) => `„${name}“ archiviert`,
    reopened: (name) => `„${name}“ wieder geöffnet`,
    assigned: (name) => `„${name}“ Ihnen zugewiesen`,
    unassigned: (name) => `Zuweisung von „${name}“ aufgehoben`,
    undone: "Zurückgeholt. Der Text steht wieder im Antwortfeld.",
    cancelled: "Abgebrochen: Es wird nicht noch einmal versucht",
    hasLeft: "Die Nachricht ist schon unterwegs und kann nicht mehr zurückgenommen werden.",
    takingBack: "Die Antwort wird zurückgenommen, sobald der Server antwortet.",
    retried: "Ein neuer Versuch ist eingereiht",
    sentWaiting: (count) => plural(count, { one: "# Antwort ist unterwegs", other: "# Antworten sind unterwegs" }),
    merged: (name) => `Mit der Unterhaltung mit ${name} zusammengeführt`,
    hurried: "Zum sofortigen Senden eingereiht",
    undo: "Rückgängig",
    earlier: "Früher",
    newVersion: "Eine neue Version ist bereit.",
    loadIt: "Laden",
    takenBack: (text) => `Zurückgenommen: ${text}`,
    undoOf: (text) => `Rückgängig: ${text}`,
    failed: (what) => `Das hat nicht geklappt. ${what}`,
  },
  account: {
    contacts: "Kontakte",
    admin: "Verwaltung",
    open: (name) => `Konto: ${name}`,
    signedInAs: "Angemeldet als",
    keys: "Tasten",
    signOut: "Abmelden",
  },
  keys: {
    title: "Tasten",
    note: "Einzelne Tasten wirken nur, solange Sie nicht schreiben.",
    noteOff: "Einzelne Buchstaben und Zeichen sind in Ihren Einstellungen abgeschaltet.",
    elsewhere: "Anderswo",
    where: {
      anywhere: "Überall",
      list: "In der Liste",
      conversation: "In der Unterhaltung",
      composer: "Beim Schreiben einer Antwort",
      call: "In einem Anruf",
      log: "Im Zustellprotokoll",
    },
  },
  palette: {
    label: "Befehl suchen",
    placeholder: "Was möchten Sie tun?",
    none: "Kein Befehl passt zu diesen Wörtern.",
    found: (count) => plural(count, { one: "# Befehl", other: "# Befehle" }),
  },
}
