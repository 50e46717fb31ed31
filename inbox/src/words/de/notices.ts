import type { notices as English } from "../en/notices.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const notices: typeof English = {
  notices: {
    label: (count) =>
      count === 0
        ? "Benachrichtigungen"
        : plural(count, { one: "Benachrichtigungen: # neue", other: "Benachrichtigungen: # neue" }),
    title: "Benachrichtigungen",
    none: "Nichts Neues. Was Sie betrifft, während Sie anderswo sind, sammelt sich hier.",
    openAll: "Alle als gesehen markieren",
    settings: "Auswählen, was Sie erfahren",
    new: "Neu",
    kinds: {
      message: "Neue Nachricht",
      mention: "Sie wurden erwähnt",
      assigned: "Ihnen zugewiesen",
      note: "Neue Notiz",
      failed: "Ihre Antwort ist nicht angekommen",
      offline: "Kanal getrennt",
    },
    sentence: (what, who) => (who === "" ? what : `${what}: ${who}`),
    levels: {
      label: (inbox) => `Benachrichtigt in ${inbox}`,
      all: "Alles",
      mine: "Meine und nicht zugewiesene",
      mentions: "Nur Erwähnungen",
      none: "Nichts",
    },
    sound: {
      label: "Ton",
      off: "Aus",
      background: "Wenn ich anderswo bin",
      always: "Immer",
      test: "Ausprobieren",
      played: "Sie sollten zwei Töne gehört haben.",
      silent: "Dieser Browser lässt keinen Ton hinaus. Prüfen Sie die Lautstärke von Tab und Rechner.",
    },
    quiet: {
      label: "Ruhezeiten",
      hint: "Kein Ton und keine Browser-Benachrichtigung; hier wird trotzdem alles gesammelt.",
      from: "Von",
      to: "Bis",
    },
    browser: {
      label: "Browser-Benachrichtigungen",
      text: "Ihr Browser kann einen Hinweis zeigen, während Causeway hinter anderen Fenstern liegt: wer geschrieben hat und die ersten Worte. Er fragt Sie einmal.",
      enable: "Einschalten",
      disable: "Ausschalten",
      on: "Auf diesem Gerät eingeschaltet.",
      denied:
        "Ihr Browser sperrt sie für diese Adresse. Erlauben Sie sie in seinen Website-Einstellungen und kommen Sie zurück.",
      unsupported: "Dieser Browser hat keine.",
    },
    saved: "Auswahl gespeichert",
    failed: "Ihre Auswahl konnte nicht geladen werden.",
  },
}
