import type { templates as English } from "../en/templates.ts"

export const templates: typeof English = {
  /** The picker of templates, kept answers and signatures. */
  templates: {
    title: (channel) => `Vorlagen für ${channel}`,
    search: "Name oder Text suchen",
    groups: "Arten von Vorlagen",
    group: {
      ready: "Bereit",
      waiting: "Wartend",
      refused: "Abgelehnt",
      saved: "Gespeicherte Antworten",
      signature: "Signaturen",
    },
    reason: {
      waiting: "Nicht nutzbar, bis der Anbieter sie genehmigt",
      refused: "Der Anbieter hat sie abgelehnt oder abgeschaltet",
    },
    failed: "Die Vorlagen konnten nicht geladen werden",
    none: "Nichts passt",
    noneAtAll:
      "Hier ist noch nichts. Der Server eines Kanals bringt seine Vorlagen mit PUT /channels/{channel_id}/application_message_templates; Antworten werden mit POST /message_templates gespeichert.",
    choose: "Wählen Sie eine aus der Liste.",
    insert: "Einfügen",
    send: "Senden",
    needs: (name) => `Es fehlt „${name}“`,
    preview: "Vorschau",
    unmapped: (uid) =>
      `Nichts sagt, wofür {{${uid}}} in diesem Text steht: Wer den Kanal baut, muss es zuordnen. Senden ist nicht möglich.`,
    unknownType: (type) => `Von unbekannter Art (${type}): Ihre Eingabe geht hinaus, wie sie ist`,
    fromContact: "Vom Kontakt",
    address: {
      file: "Adresse der Datei, beginnend mit https://",
      image: "Adresse des Bildes, beginnend mit https://",
      video: "Adresse des Videos, beginnend mit https://",
    },
  },
}
