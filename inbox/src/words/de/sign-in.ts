import type { signInWays as English } from "../en/sign-in.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const signInWays: typeof English = {
  form: {
    show: "Anzeigen",
    hide: "Verbergen",
    showPassword: "Passwort anzeigen",
    hidePassword: "Passwort verbergen",
    summary: (count) =>
      plural(count, { one: "Eine Angabe braucht noch einen Blick", other: "# Angaben brauchen noch einen Blick" }),
    required: (label) => `${label} fehlt`,
    passwordShort: (count) => `Das Passwort hat ${count} von mindestens 12 Zeichen`,
    passwordEasy:
      "Das Passwort ist zu leicht zu erraten: mehrere Wörter, die niemand zusammenbringen würde, sind besser",
    emailWrong: "Die E-Mail-Adresse braucht ein @, wie in ana@example.com",
    codeWrong: "Das ist nicht der Code aus dem Terminal. Es gilt der vom letzten Start des Servers.",
  },
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
  ways: {
    or: "oder",
    usePasskey: "Mit einem Passkey anmelden",
    provider: (name) => `Weiter mit ${name}`,
    unknown:
      "Dieser Passkey ist hier nicht bekannt. Melden Sie sich mit Ihrem Passwort an und fügen Sie ihn in Ihren Einstellungen wieder hinzu.",
    left: "Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal, oder melden Sie sich mit dem Passwort an.",
    unreachable: "Der Server ist nicht zu erreichen. Versuchen Sie es gleich noch einmal.",
    refused: {
      cancelled: "Sie haben die Seite des Anbieters verlassen. Niemand wurde angemeldet.",
      refused: "Die Antwort des Anbieters hielt nicht stand. Bitte versuchen Sie es noch einmal.",
      unverified: "Der Anbieter hat Ihre E-Mail-Adresse nicht geprüft; sie öffnet hier deshalb nichts.",
      unknown: "Niemand hier hat Ihre E-Mail-Adresse beim Anbieter. Bitten Sie zuerst um eine Einladung.",
      blocked: "Sie sind hier gesperrt. Wenden Sie sich an die Administration.",
      late: "Das hat zu lange gedauert, oder der Rückweg wurde schon benutzt. Bitte versuchen Sie es noch einmal.",
    },
  },
  password: {
    title: "Passwort",
    lead: "Wenn Sie es ändern, werden Sie überall sonst abgemeldet.",
    current: "Jetziges Passwort",
    next: "Neues Passwort",
    change: "Passwort ändern",
    changing: "Wird geändert…",
    changed: "Das Passwort ist geändert. Überall sonst sind Sie abgemeldet.",
    same: "Das neue Passwort ist das, das Sie haben. Wählen Sie ein anderes.",
    wrong:
      "Das ist nicht Ihr Passwort hier. Hatten Sie nie eines, bitten Sie einen Admin um einen Link, der eines setzt.",
  },
  passkeys: {
    title: "Ihre Passkeys",
    lead: "Melden Sie sich mit Fingerabdruck, Gesicht oder Sicherheitsschlüssel statt mit dem Passwort an.",
    none: "Noch keine Passkeys.",
    name: "Name des Passkeys",
    hint: "Wo er liegt, etwa „Laptop im Büro“",
    add: "Passkey hinzufügen",
    adding: "Folgen Sie Ihrem Gerät…",
    added: (name) => `Passkey „${name}“ hinzugefügt`,
    remove: (name) => `${name} entfernen`,
    removed: (name) => `Passkey „${name}“ entfernt`,
    used: (time) => `Zuletzt verwendet ${time}`,
    never: "Noch nicht verwendet",
    notAdded: "Es wurde kein Passkey angelegt. Versuchen Sie es, wenn Sie so weit sind.",
    known: "Dieses Gerät enthält schon einen Ihrer Passkeys.",
    noName:
      "Passkeys brauchen einen Namen in der Adresszeile und https. Öffnen Sie diese Seite unter ihrem Namen oder als localhost.",
  },
}
