/** What became of a message that came before. `running`: another copy is being handled, here or in another process. */
export type Claim =
  | { state: "claimed" }
  | { state: "running" }
  | { state: "done"; externalId: string; externalConversationId: string }

/**
 * Remembers which messages were sent, so that a copy gets the first one's ids and is not sent again. A channel of several processes needs one
 * that they share: `claim` is then one `INSERT … ON CONFLICT DO NOTHING` (or `SET NX`) on the key, `finish` an update, `release` a delete.
 */
export interface MessageStore {
  /** Takes the key, unless it is taken. Exactly one of any number of callers at once gets `claimed`. */
  claim(key: string): Promise<Claim>
  /** The message was sent; from now on `claim` says `done`. Keep it for at least a day: people retry late. */
  finish(key: string, sent: { externalId: string; externalConversationId: string }): Promise<void>
  /** The message was refused: the next `claim` may try again. */
  release(key: string): Promise<void>
}

/**
 * A store in this process's memory; a restart forgets it.
 * @param options.entriesMax how many finished messages it remembers, the oldest go first. Default 10000.
 */
export function memoryStore(options: { entriesMax?: number } = {}): MessageStore {
  const entriesMax = options.entriesMax ?? 10_000
  const running = new Set<string>()
  const done = new Map<string, { externalId: string; externalConversationId: string }>()
  return {
    async claim(key) {
      const sent = done.get(key)
      if (sent !== undefined) return { state: "done", ...sent }
      if (running.has(key)) return { state: "running" }
      running.add(key)
      return { state: "claimed" }
    },
    async finish(key, sent) {
      running.delete(key)
      done.set(key, sent)
      const oldest = done.size > entriesMax ? done.keys().next().value : undefined
      if (oldest !== undefined) done.delete(oldest)
    },
    async release(key) {
      running.delete(key)
    },
  }
}
