/** What was read lately, kept for a moment in this process. Other processes' changes are seen after `ttlMs` at the latest. */
export interface Cache<V> {
  /** The value for `key`, read now unless it is fresh. Reads of one key that overlap share one load; a load that fails is not kept. */
  get(key: string): Promise<V>
  forget(key: string): void
  clear(): void
}

/** `entriesMax` bounds memory: beyond it the entry that was read first goes. */
export function createCache<V>(options: {
  ttlMs: number
  entriesMax: number
  load(key: string): Promise<V>
}): Cache<V> {
  const entries = new Map<string, { value: Promise<V>; until: number }>()

  function load(key: string): Promise<V> {
    const entry = { value: options.load(key), until: performance.now() + options.ttlMs }
    entries.delete(key)
    if (entries.size >= options.entriesMax) entries.delete(entries.keys().next().value as string)
    entries.set(key, entry)
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key)
    })
    return entry.value
  }

  return {
    get(key) {
      const entry = entries.get(key)
      return entry !== undefined && entry.until > performance.now() ? entry.value : load(key)
    },
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  }
}
