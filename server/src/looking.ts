/** Looks for work again and again: one look at a time, at once when asked, and every now and then for what others left. */
export interface Looking {
  /** Resolves when a look that began after this call is over. Never rejects: trouble is told, and looked past a little later. */
  look(): Promise<void>
  readonly stopped: boolean
  /** Begins no more looks, and waits for the one under way. */
  stop(): Promise<void>
}

/** Wall time: what is due may go by another clock. */
const pauseMs = { idle: 500, troubled: 1_000 }

export function keepLooking(once: () => Promise<void>, onTrouble: (error: unknown) => void): Looking {
  let looking: Promise<void> | null = null
  let again = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function lookUntilDone(): Promise<void> {
    clearTimeout(timer)
    let nextMs = pauseMs.idle
    try {
      while (again && !stopped) {
        again = false
        await once()
      }
    } catch (error) {
      nextMs = pauseMs.troubled
      onTrouble(error)
    }
    if (!stopped) timer = setTimeout(() => void look(), nextMs)
  }

  function look(): Promise<void> {
    if (stopped) return Promise.resolve()
    again = true
    looking ??= lookUntilDone().finally(() => {
      looking = null
    })
    return looking
  }

  void look()
  return {
    look,
    get stopped() {
      return stopped
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
