/** Who writes through the demo channel, and what. */
export interface Customer {
  handle: string
  name: string
}

export interface PastMessage {
  /** Once per channel, for ever: a second start on the same data changes nothing. */
  externalId: string
  customer: Customer
  direction: "inbound" | "outbound"
  body: string
  minutesAgo: number
}

const casey: Customer = { handle: "+1 555 0100", name: "Casey Rivers" }
const noor: Customer = { handle: "+1 555 0101", name: "Noor Haddad" }
const tomas: Customer = { handle: "+1 555 0102", name: "Tomás Oliveira" }
const ingrid: Customer = { handle: "+1 555 0103", name: "Ingrid Solberg" }

/** One thread a customer, as with text messages. */
export const threadOf = (handle: string): string => `sms:${handle.replace(/[^+\w]/g, "")}`

export const firstMessage = {
  externalId: "demo-hello",
  customer: casey,
  body: "Hi! This is a test customer. Reply to me.",
}

/** What had happened before the demo was started. */
export const history: readonly PastMessage[] = [
  past(ingrid, "inbound", 190, "Hello, do you ship to Norway? Your page only lists Sweden and Denmark."),
  past(ingrid, "outbound", 176, "Hello Ingrid, we do! Norway takes 3 to 5 days; we will mend that page."),
  past(ingrid, "inbound", 171, "Perfect, ordering now. Takk!"),
  past(tomas, "inbound", 64, "My order 20417 arrived with the wrong colour: I ordered the green one and got blue."),
  past(tomas, "inbound", 63, "I can send a photo if that helps."),
  past(noor, "inbound", 22, "Can I still change the delivery address for order 20433? I am moving this weekend."),
]

function past(customer: Customer, direction: PastMessage["direction"], minutesAgo: number, body: string): PastMessage {
  return { externalId: `demo-${threadOf(customer.handle)}-${minutesAgo}`, customer, direction, minutesAgo, body }
}

/** The customer behind a handle; a handle we never wrote from is a person without a name. */
export function customerOf(handle: string): Customer | { handle: string } {
  return [casey, noor, tomas, ingrid].find((customer) => customer.handle === handle) ?? { handle }
}

const answers = [
  "That was quick, thank you!",
  "Great. And how long does delivery usually take?",
  "Understood. Could you send me that by e-mail as well?",
  "You are very kind. One more thing: is there a shop I can visit?",
  "Wonderful, that answers it. Have a lovely day!",
]

/** What the customer says to the n-th reply in a thread, from 0; a question is met with one that fits it. */
export function answerTo(text: string, n: number): string {
  if (/\b(photo|picture|screenshot)\b/i.test(text)) return "I will take one as soon as I am home."
  if (/\border number\b|\bwhich order\b/i.test(text)) return "It is order 20417."
  if (/\?\s*$/.test(text.trim())) return "Good question. Yes, I think so. Why do you ask?"
  return answers[n % answers.length] as string
}
