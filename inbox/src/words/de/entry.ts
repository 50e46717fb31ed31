import type { entry as English } from "../en/entry.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const entry: typeof English = {
  product: "Causeway",
  loading: "Wird geladen …",
  retry: "Erneut versuchen",
  close: "Schließen",
  slow: "Das dauert länger als gewöhnlich.",
  setup: {
    title: "Causeway einrichten",
    lead: "Hier hat noch niemand ein Konto. Sie werden die erste Person mit Admin-Rechten.",
    code: "Einrichtungscode",
    codeHint: "Das Terminal, in dem Causeway läuft, zeigt ihn an, zum Beispiel K7Q-4XD.",
    name: "Ihr Name",
    email: "E-Mail-Adresse",
    password: "Passwort",
    passwordHint: "Mindestens 12 Zeichen. Einfügen aus einem Passwortmanager geht.",
    company: "Firma",
    companyHint: "Ihr Team sieht diesen Namen.",
    submit: "Anlegen und Posteingang öffnen",
    submitting: "Wird angelegt …",
    version: (version) => `Causeway ${version}`,
  },
  signIn: {
    title: "Anmelden",
    email: "E-Mail-Adresse",
    password: "Passwort",
    submit: "Anmelden",
    submitting: "Anmeldung läuft …",
    wrong: "E-Mail-Adresse und Passwort passen zu keinem Konto hier.",
    limited: (seconds) =>
      seconds === null
        ? "Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal."
        : plural(seconds, {
            one: "Zu viele Versuche. Versuchen Sie es in # Sekunde noch einmal.",
            other: "Zu viele Versuche. Versuchen Sie es in # Sekunden noch einmal.",
          }),
  },
  form: {
    show: "Anzeigen",
    hide: "Verbergen",
    showPassword: "Passwort anzeigen",
    hidePassword: "Passwort verbergen",
    summary: (count) =>
      plural(count, { one: "Eine Angabe braucht noch einen Blick", other: "# Angaben brauchen noch einen Blick" }),
    required: (label) => `${label} fehlt`,
    passwordShort: (count) => `Das Passwort hat ${count} von mindestens 12 Zeichen`,
    emailWrong: "Die E-Mail-Adresse braucht ein @, wie in ana@example.com",
    codeWrong: "Das ist nicht der Code aus dem Terminal. Es gilt der vom letzten Start des Servers.",
  },
  unreachable: {
    title: "Der Server antwortet nicht",
    text: "Nichts von dem, was Sie geschrieben haben, ist verloren; was Sie sehen, ist vielleicht nicht aktuell. Wir versuchen es von selbst weiter.",
    status: (status) => `Der Server hat ${status} geantwortet`,
  },
  failedLoad: {
    list: "Diese Liste konnte nicht geladen werden.",
    conversation: "Diese Unterhaltung konnte nicht geladen werden.",
    missing: "Unter dieser Adresse gibt es keine Unterhaltung.",
    missingHint: "Vielleicht wurde sie zusammengeführt oder gelöscht, oder der Link ist abgeschnitten.",
    back: "Zurück zur Liste",
  },
}
