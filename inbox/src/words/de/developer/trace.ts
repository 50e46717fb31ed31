import type { trace as English } from "../../en/developer/trace.ts"

export const trace: typeof English = {
  lead: "Eine Kennung, der ganze Weg: vom Aufruf der API über die Unterhaltung zu Ihrem Server und zu dem, was das Teammitglied sah.",
  label: "Nachricht, Zustellung, Aufruf oder externe Kennung",
  find: "Verfolgen",
  nothing: "Von dieser Kennung ist nichts bekannt",
  nothingText:
    "Gehört sie zu dieser Firma, und hebt das Protokoll sie noch auf? Ein Aufruf, der mit 401 abgelehnt wurde, wird nicht aufgehoben: Niemand weiß, wessen er war.",
  steps: {
    call: "Ihr Server rief an",
    kept: "Als Nachricht aufgehoben",
    threaded: "In eine Unterhaltung gestellt",
    seen: "Was das Teammitglied sieht",
    delivery: "Wir sagten es Ihrem Server",
  },
  states: { ok: "Gut", waiting: "Wartet", failed: "Fehlgeschlagen", unknown: "Unbekannt" },
  external: (id) => `externe Kennung ${id}`,
  thread: (id) => `Faden ${id}`,
  fresh: "ein eigener Faden",
  inbox: (name) => `in ${name}`,
  status: { open: "offen", archived: "archiviert", deleted: "im Papierkorb", spam: "Spam" },
  replies: {
    held: "für Rückgängig aufgehalten",
    queued: "in der Schlange",
    sending: "wird gesendet",
    waiting: "wartet",
    sent: "gesendet",
    failed: "fehlgeschlagen",
    unknown: "keine Antwort: Sie kann angekommen sein",
    undone: "zurückgenommen",
  },
  openConversation: "Unterhaltung öffnen",
}
