import type { reasons as English } from "../en/reasons.ts"

export const reasons: typeof English = {
  reasons: {
    bad_request: {
      heading: "Der Kanal hat diese Nachricht abgelehnt",
      explanation: "Meist wegen der Länge, des Formats oder der Art eines Anhangs.",
    },
    authentication_required: {
      heading: "Dieser Kanal ist abgemeldet",
      explanation: "Nichts geht hinaus, bis jemand aus der Administration ihn wieder verbindet.",
    },
    forbidden: {
      heading: "Senden ist hier nicht erlaubt",
      explanation: "Zum Beispiel ist die Zeit zum Antworten vorbei, oder der Kunde hat sich abgemeldet.",
    },
    not_found: {
      heading: "Der Kanal kennt diesen Empfänger nicht",
      explanation: "Die Adresse oder der Verlauf besteht dort nicht mehr.",
    },
    request_timeout: {
      heading: "Keine Antwort innerhalb von 7 Sekunden",
      explanation:
        "Die Nachricht kann trotzdem angekommen sein. Ein neuer Versuch sendet dieselbe Nachrichten-ID, der Kanal kann sie also erkennen.",
    },
    too_many_requests: {
      heading: "Der Kanal begrenzt, wie schnell wir senden",
      explanation: "Er verlangt eine längere Pause, als eine Unterhaltung warten kann.",
    },
    internal_error: {
      heading: "Im Kanal ist ein Fehler aufgetreten",
      explanation: "An Ihrer Nachricht liegt es nicht.",
    },
    delivery_failed: {
      heading: "Die Zustellung ist später gescheitert",
      explanation: "Der Kanal nahm die Nachricht an und meldete dann, dass sie nicht angekommen ist.",
    },
    invalid_answer: {
      heading: "Der Kanal hat geantwortet, aber nicht wie vereinbart",
      explanation: "Wer den Kanal entwickelt, kann das beheben.",
    },
    redirected: {
      heading: "Der Kanal hat geantwortet, aber nicht wie vereinbart",
      explanation: "Seine Adresse führt woandershin. Wer den Kanal entwickelt, kann das beheben.",
    },
    unreachable: {
      heading: "Der Kanal war nicht erreichbar",
      explanation: "Die Nachricht hat uns nicht verlassen.",
    },
    unknown: {
      heading: "Die Nachricht wurde nicht zugestellt",
      explanation: "Ein Grund ist nicht bekannt.",
    },
  },
}
