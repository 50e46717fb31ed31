import { Refusal } from "../shared/serve.ts"

/** So many at once, and one more after so long. */
export interface Limit {
  burst: number
  everyMs: number
}

/** A bucket a name. Throws 429 with Retry-After when it is empty. */
export type Limiter = (name: string) => void

const bucketsMax = 50_000

export function createLimiter({ burst, everyMs }: Limit, now: () => number = Date.now): Limiter {
  /** When each bucket is full again; a full one needs no entry. */
  const fullAt = new Map<string, number>()
  return (name) => {
    const at = now()
    const full = Math.max(fullAt.get(name) ?? at, at) + everyMs
    const waitMs = full - at - burst * everyMs
    if (waitMs > 0) {
      throw new Refusal(429, "too many at once", { "retry-after": String(Math.ceil(waitMs / 1000)) })
    }
    fullAt.delete(name)
    fullAt.set(name, full)
    for (const [oldest, until] of fullAt) {
      if (until > at && fullAt.size <= bucketsMax) break
      fullAt.delete(oldest)
    }
  }
}
