/**
 * How long nothing has been broken on purpose. Patience is counted in calm time: a client gives up after a minute in which it could have been served, however
 * often and however long this machine takes to start what was killed.
 */
export interface Calm {
  /** Milliseconds, of all calm moments together. */
  ms(): number
  /** Not calm from here until `work` has ended. */
  except<T>(work: () => Promise<T>): Promise<T>
}

export function createCalm(now: () => number = () => performance.now()): Calm {
  let passedMs = 0
  let since = now()
  let disturbances = 0
  return {
    ms: () => passedMs + (disturbances === 0 ? now() - since : 0),
    async except(work) {
      if (disturbances++ === 0) passedMs += now() - since
      try {
        return await work()
      } finally {
        if (--disturbances === 0) since = now()
      }
    },
  }
}
