/** What is looked up by one key of several that are wanted at the same time. */
interface Wanted<K, V> {
  key: K
  resolve(value: V): void
  reject(error: unknown): void
}

const turnEnds = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Look-ups that are wanted together are made as one: whatever is asked while one is under way waits for the next, which takes `most` keys. `load` answers in
 * the order of its keys; when it fails, so does everybody whose key was among them.
 */
export function gather<K, V>(
  most: number,
  load: (keys: readonly K[]) => Promise<readonly V[]>,
): (key: K) => Promise<V> {
  let waiting: Wanted<K, V>[] = []
  let isLoading = false

  async function run(): Promise<void> {
    isLoading = true
    await turnEnds() // whoever asks in this turn of the event loop as well comes along
    while (waiting.length > 0) {
      const wanted = waiting.slice(0, most)
      waiting = waiting.slice(most)
      try {
        const values = await load(wanted.map(({ key }) => key))
        for (const [i, { resolve }] of wanted.entries()) resolve(values[i] as V)
      } catch (error) {
        for (const { reject } of wanted) reject(error)
      }
    }
    isLoading = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!isLoading) void run()
    })
}
