import type * as english from "../../en/developer/log.ts"
import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("de")

export const log: typeof english.log = {
  lead: (days) =>
    plural(days, {
      one: "Beide Richtungen, das Neueste zuerst, # Tag lang aufgehoben.",
      other: "Beide Richtungen, das Neueste zuerst, # Tage lang aufgehoben.",
    }),
  live: "Läuft mit",
  pause: "Anhalten",
  go: "Weiter",
  unseen: (count) => plural(count, { one: "# neuer Eintrag", other: "# neue Einträge" }),
  paused: "Angehalten",
  lost: "Keine Verbindung. Es geht von selbst weiter.",
  direction: "Richtung",
  directions: { out: "Zu Ihrem Server", in: "Von Ihrem Server" },
  type: "Art",
  channel: "Kanal",
  outcome: "Ergebnis",
  outcomes: { ok: "Gut", failed: "Fehlgeschlagen", unknown: "Unbekannt", waiting: "Wartet" },
  text: "Text",
  any: "Alle",
  searched: "Text wird in den neuesten 5.000 Einträgen gesucht.",
  empty: "Noch nichts",
  emptyText: "Senden Sie etwas aus dem Simulator, oder verbinden Sie einen Kanal.",
  none: "Nichts passt zu diesen Filtern",
  clear: "Filter leeren",
  table: "Protokoll",
  columns: { time: "Zeit", what: "Was", status: "Ergebnis", took: "Dauer" },
  skipped: (count) => plural(count, { one: "# ähnlicher nicht aufgehoben", other: "# ähnliche nicht aufgehoben" }),
  replayOf: "wiederholt einen früheren",
  keys: "Enter öffnet einen Eintrag; ? zeigt die übrigen Tasten.",
  detail: "Eintrag",
  tabs: { request: "Anfrage", response: "Antwort", timing: "Zeiten", attempts: "Versuche", compare: "Vergleichen" },
  replay: "Wiederholen",
  edit: "Bearbeiten und wiederholen",
  editTitle: "Einen anderen Inhalt senden",
  editText: "Er wird neu signiert und an dieselbe Stelle gesendet. Die Nachricht selbst bleibt, was sie ist.",
  body: "Inhalt",
  send: "Senden",
  curl: "Als cURL kopieren",
  curlCopied: "Als cURL kopiert",
  fixture: "Als Datei sichern",
  inspect: "Signatur",
  traced: "Warum?",
  noBody: "Kein Inhalt",
  noAnswer: "Es kam keine Antwort.",
  masked: "Zugangsdaten sind verdeckt.",
  cut: "Nur die ersten 8 KiB werden aufgehoben.",
  limit: "Grenze",
  phases: {
    dns: "Name",
    connect: "Verbindung",
    tls: "TLS",
    sent: "Gesendet",
    first_byte: "Erstes Byte",
    total: "Insgesamt",
  },
  attempt: (number) => `${number}. Versuch`,
  compareWith: "Vergleichen mit",
  choose: "Eintrag wählen",
  same: "Beide sind gleich.",
  reason: "Grund",
  advice: {
    timeout:
      "Ihr Server nahm die Verbindung an, antwortete aber nicht rechtzeitig. Antworten Sie sofort mit den Kennungen, und stellen Sie aus einer Warteschlange zu.",
    connection_refused:
      "An dieser Adresse hört niemand zu. Starten Sie Ihren Server, oder berichtigen Sie die Webhook-Adresse.",
    name_not_found: "Den Namen des Rechners gibt es nicht. Berichtigen Sie die Webhook-Adresse.",
    authentication_required: "Ihr Server sagt, der Kanal sei abgemeldet. Verbinden Sie den Kanal neu.",
    too_many_requests: "Ihr Server begrenzt, wie schnell wir senden. Wir warten, so lange er sagt.",
    internal_error: "In Ihrem Server ging etwas schief. Sein eigenes Protokoll sagt, was.",
    bad_request: "Ihr Server lehnte diese Nachricht ab. Sein Grund steht oben.",
  },
}

export const again: typeof english.again = {
  title: "Fehlgeschlagene wiederholen",
  since: "Fehlgeschlagen in",
  spans: {
    quarter: "den letzten 15 Minuten",
    hour: "der letzten Stunde",
    day: "den letzten 24 Stunden",
    week: "den letzten 7 Tagen",
  },
  unknown: "Auch was vielleicht angekommen ist: es käme doppelt an",
  noChannel: "Es gibt noch keinen Kanal.",
  counting: "Wird gezählt …",
  none: "Dort ist nichts fehlgeschlagen.",
  plan: (count, channel, oldest) =>
    plural(count, {
      one: `# Zustellung geht noch einmal an ${channel}. Sie ist von ${oldest}.`,
      other: `# Zustellungen gehen noch einmal an ${channel}. Die älteste ist von ${oldest}.`,
    }),
  run: "Noch einmal senden",
  stop: "Anhalten",
  progress: (done, of) => `${done} von ${of} sind wieder unterwegs`,
  over: (done, of) => `${done} von ${of} sind wieder unterwegs. Was aus ihnen wird, zeigt das Protokoll.`,
}

export const drawer: typeof english.drawer = {
  label: "Konsole dieser Unterhaltung",
  edge: "Höhe der Konsole",
  taller: "Höher",
  usual: "Übliche Höhe",
  open: "Konsole",
  failures: (count) => plural(count, { one: "# fehlgeschlagen", other: "# fehlgeschlagen" }),
  ids: "Kennungen",
  asCall: "Als API-Aufruf kopieren",
  none: "Einem Kanal wurde noch nichts gesagt.",
}
