import { randomUUID } from "node:crypto"

/** Your messaging system, as far as the channel needs it. */
export interface Provider {
  /** Takes a text to somebody. Resolves to the provider's own id of the message; throws `ChannelError` with what went wrong, for teammates to read. */
  send(to: string, text: string, signal: AbortSignal): Promise<string>
}

/** Prints what it would send. Put your own in its place. */
export const printingProvider: Provider = {
  async send(to, text) {
    console.log(`→ ${to}: ${text}`)
    return `sent-${randomUUID()}`
  },
}
