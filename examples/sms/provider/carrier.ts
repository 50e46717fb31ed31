/** What the mock provider does with a number, told by its last four digits; the same idea as the magic numbers of real ones. */
export interface Fate {
  /** The API refuses. */
  refused?: { status: number; code: string; message: string; retryAfterSeconds?: number }
  /** Accepted, and it does not arrive: what the status callback says later. */
  undelivered?: { code: string; message: string }
  /** Accepted, sent, and nothing more is heard. */
  isSilent?: boolean
}

const fates: Record<string, Fate> = {
  "0190": {
    refused: { status: 400, code: "invalid_number", message: "this is not a number that takes text messages" },
  },
  "0191": { undelivered: { code: "landline", message: "the number is a landline" } },
  "0192": { undelivered: { code: "carrier_filtered", message: "the carrier took it for spam" } },
  "0193": {
    refused: {
      status: 429,
      code: "rate_limited",
      message: "one message a second to this number",
      retryAfterSeconds: 1,
    },
  },
  "0194": { isSilent: true },
}

export const fateOf = (number: string): Fate => fates[number.slice(-4)] ?? {}

/** Words by which a person stops and starts messages; the whole text has to be one of them. Source: CTIA messaging principles, 5.1.3. */
export function keywordIn(text: string): "stop" | "start" | "help" | null {
  const word = text.trim().toUpperCase()
  if (/^(STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT)$/.test(word)) return "stop"
  if (/^(START|YES|UNSTOP)$/.test(word)) return "start"
  return /^(HELP|INFO)$/.test(word) ? "help" : null
}

export const keywordAnswers = {
  stop: "You have been unsubscribed and get no more messages from this number. Reply START to get them again.",
  start: "You get messages from this number again. Reply STOP to end them.",
  help: "Reply STOP to get no more messages. Message and data rates may apply.",
}
