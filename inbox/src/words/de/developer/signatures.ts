import type { signatures as English } from "../../en/developer/signatures.ts"

export const signatures: typeof English = {
  lead: "Finden Sie heraus, warum eine Signatur nicht stimmt. Geheimnisse bleiben auf dem Server.",
  from: "Was signiert wurde",
  delivery: "Eine Zustellung",
  pasted: "Eingefügt",
  deliveryId: "Kennung der Zustellung",
  app: "Kanaltyp",
  timestamp: "X-Front-Request-Timestamp",
  body: "Inhalt, Byte für Byte",
  header: "X-Front-Signature, oder was Ihr Server berechnete",
  computed: "Was Ihr Server berechnete (sonst die Kopfzeile)",
  inspect: "Vergleichen",
  equal: "Gleich: Die Signatur stimmt",
  different: "Nicht gleich",
  expected: "Erwartet (HMAC-SHA256, base64)",
  base: "Signierter Text",
  bytes: (count) => `${count} Byte`,
  skew: (time) => `${time} von jetzt entfernt`,
  fix: "Abhilfe",
  mistakes: {
    re_serialised: [
      "Es ist der Wert über den neu geschriebenen Inhalt: Lesen und erneutes Schreiben änderte die Bytes.",
      "Lesen Sie den rohen Inhalt vor dem JSON-Parser.",
    ],
    trailing_newline: ["Am Ende des Inhalts kam ein Zeilenumbruch dazu.", "Signieren Sie die Bytes, wie sie kamen."],
    without_newline: ["Der Zeilenumbruch am Ende des Inhalts fehlt.", "Signieren Sie die Bytes, wie sie kamen."],
    hex: ["Es ist der richtige Wert, hexadezimal geschrieben.", "Schreiben Sie ihn als base64."],
    base64url: ["Es ist der richtige Wert, als base64url geschrieben.", "Nehmen Sie gewöhnliches base64 mit + und /."],
    unpadded: ["Es ist der richtige Wert ohne = am Ende.", "Lassen Sie die Füllzeichen stehen."],
    seconds: [
      "Der Zeitpunkt wurde in Sekunden genommen.",
      "Nehmen Sie den Text der Kopfzeile, wie er ist: Millisekunden.",
    ],
    missing_colon: [
      "Der Doppelpunkt zwischen Zeitpunkt und Inhalt fehlt.",
      "Signieren Sie Zeitpunkt, Doppelpunkt, Inhalt.",
    ],
    body_only: ["Nur der Inhalt wurde signiert.", "Signieren Sie Zeitpunkt, Doppelpunkt, Inhalt."],
    old_secret: [
      "Sie wurde mit dem Geheimnis vor der letzten Erneuerung gemacht.",
      "Nehmen Sie das neue Geheimnis, oder beide, solange sie sich überschneiden.",
    ],
    new_secret: [
      "Sie wurde mit dem neuen Geheimnis gemacht; Webhooks tragen noch die Signatur des alten.",
      "Prüfen Sie mit beiden, dann schalten Sie um.",
    ],
    trimmed_secret: [
      "Das Geheimnis hat am Ende einen Zeilenumbruch.",
      "Schneiden Sie ab, was Sie aus der Datei oder der Umgebung lesen.",
    ],
    sha1: ["Es ist ein Wert nach SHA-1.", "Nehmen Sie SHA-256."],
    latin1: ["Der Inhalt wurde als Latin-1 gelesen.", "Lesen Sie ihn als UTF-8, oder signieren Sie die Bytes."],
    escaped_unicode: [
      "Buchstaben außerhalb von ASCII wurden als \\u geschrieben.",
      "Signieren Sie die Bytes, wie sie kamen.",
    ],
    stale: [
      "Sie stimmt, ist aber älter als fünf Minuten.",
      "Stellen Sie die Uhr Ihres Servers, oder suchen Sie eine Verzögerung auf dem Weg.",
    ],
    missing: ["Es gibt keine Signatur.", "Lesen Sie die Kopfzeile X-Front-Signature."],
    unknown: [
      "Es ist keiner der üblichen Fehler.",
      "Ist es das Geheimnis dieses Kanaltyps und der Inhalt dieser Zustellung?",
    ],
  },
}
