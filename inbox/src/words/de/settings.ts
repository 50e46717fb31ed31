import type { settings as English } from "../en/settings.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const settings: typeof English = {
  settings: {
    title: "Ihre Einstellungen",
    back: "Zurück zum Posteingang",
    onDevice: "Auf diesem Gerät",
    everywhere: "Auf jedem Gerät",
    look: "Aussehen",
    theme: "Farben",
    themes: { system: "Wie das System", light: "Hell", dark: "Dunkel", contrast: "Hoher Kontrast" },
    density: "Höhe einer Zeile in Listen",
    densities: {
      default: "Üblich, zwei Zeilen",
      compact: "Dicht, eine Zeile",
      comfortable: "Großzügig, drei Zeilen",
    },
    layout: "Liste und Unterhaltung",
    layouts: { beside: "Nebeneinander", above: "Liste über der Unterhaltung" },
    language: "Sprache und Zeit",
    languageLabel: "Sprache",
    languageSystem: "Wie der Browser",
    pseudo: "Testsprache (Akzente, länger)",
    reloads: "Die Seite lädt dafür neu.",
    hours: "Uhrzeit",
    hoursChoices: { system: "Wie in der Sprache üblich", "12": "2:30 nachmittags", "24": "14:30" },
    keyboard: "Tastatur",
    single: "Einzelne Buchstaben und Zeichen als Tasten",
    singles: { on: "An", leader: "Nur nach einer anderen Taste", off: "Aus" },
    singleHint: "Sie wirken nie, während Sie schreiben. Aus hilft bei Spracheingabe; Tasten mit Strg oder ⌘ bleiben.",
    leader: "Diese andere Taste",
    commands: "Tasten jedes Befehls",
    noKey: "Keine Taste",
    change: (command) => `Taste ändern für: ${command}`,
    changeShort: "Ändern",
    press: "Drücken Sie die Tasten, oder Esc, um nichts zu ändern",
    removeKey: "Ohne Taste",
    usual: "Übliche Taste",
    allUsual: "Alle Tasten wie üblich",
    taken: (command) => `Diese Taste gehört zu: ${command}`,
    reserved: {
      browser: "Diese Taste behält der Browser für sich.",
      alt_gr: "Strg mit Alt schreibt auf manchen Tastaturen Zeichen.",
      writes: "Diese Taste bewegt den Fokus oder drückt, was ihn hat.",
    },
    sending: "Senden",
    enterSends: "Eingabe sendet die Antwort",
    enterSendsHint: "Aus: Strg oder ⌘ mit Eingabe sendet, und Eingabe beginnt eine neue Zeile.",
    undo: "Antworten lassen sich zurückholen für mindestens",
    undoChoice: (seconds) =>
      seconds === 0 ? "Wie im Kanal" : plural(seconds, { one: "# Sekunde", other: "# Sekunden" }),
    announcements: "Von Vorleseprogrammen gelesen",
    announcementsLabel: "Was von selbst vorgelesen wird",
    announcementChoices: {
      all: "Alles, was geschieht",
      important: "Was meine Arbeit betrifft, und Probleme",
      problems: "Nur Probleme",
    },
    device: "Daten auf diesem Gerät",
    deviceText: "Die neuesten Unterhaltungen liegen hier, damit man sie ohne Netz lesen kann.",
    deviceNothing:
      "Hier wird nichts gespeichert: Was Sie schreiben und nicht abgeschickt haben, geht mit dieser Seite verloren, sofern es nicht als Entwurf gespeichert wurde.",
    kept: (count, size) => plural(count, { one: `# Unterhaltung, ${size}`, other: `# Unterhaltungen, ${size}` }),
    keptNone: "Hier liegt nichts.",
    unsent: (count) =>
      plural(count, {
        one: "# Entwurf oder ungesendete Antwort bleibt hier.",
        other: "# Entwürfe und ungesendete Antworten bleiben hier.",
      }),
    clear: "Kopie entfernen",
    cleared: "Die Kopie ist entfernt.",
    saved: "Gespeichert",
  },
}
