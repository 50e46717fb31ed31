import type { prove as english } from "../en/prove.ts"

export const prove: typeof english = {
  prove: {
    title: "Sind Sie es noch?",
    text: "Dies könnte andere hereinlassen, darum wird Ihr Passwort noch einmal gebraucht. In den nächsten zehn Minuten werden Sie nicht mehr danach gefragt.",
    password: "Passwort",
    missing: "Das Passwort fehlt",
    wrong: "Das ist nicht Ihr Passwort.",
    limited: (seconds) =>
      seconds === null
        ? "Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal."
        : `Zu viele Versuche. Versuchen Sie es in ${seconds} Sekunden noch einmal.`,
    unreachable: "Der Server ist nicht erreichbar. Versuchen Sie es gleich noch einmal.",
    leave: "Abbrechen",
    confirm: "Weiter",
    confirming: "Einen Moment…",
    usePasskey: "Passkey verwenden",
    noPasskey:
      "Es wurde kein Passkey von Ihnen verwendet. Versuchen Sie es noch einmal, oder geben Sie Ihr Passwort ein.",
  },
}
