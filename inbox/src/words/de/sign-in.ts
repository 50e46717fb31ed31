import type { signInWays as English } from "../en/sign-in.ts"

export const signInWays: typeof English = {
  ways: {
    or: "oder",
    usePasskey: "Mit einem Passkey anmelden",
    provider: (name) => `Weiter mit ${name}`,
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
