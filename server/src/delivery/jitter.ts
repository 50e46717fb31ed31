/** Of a wait, up and down: partners that came back are not met by everything at once. */
export const jitterShare = 0.2

/** `waitMs` ± 20 %, in whole ms. `random`: 0 ≤ random() < 1. */
export const jittered = (waitMs: number, random: () => number): number =>
  Math.round(waitMs * (1 + jitterShare * (2 * random() - 1)))

/**
 * Numbers from 0 up to 1 that look random and are the same for the same seeds: what a delivery waits can be computed again from its log, by a test or
 * by whoever asks why. The mixing steps are those of splitmix32.
 */
export function seeded(...seeds: readonly number[]): () => number {
  let state = 0
  for (const seed of seeds) state = mix(state ^ (seed % 2 ** 32) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1))
  return () => {
    state = (state + 0x9e3779b9) | 0
    return mix(state) / 2 ** 32
  }
}

/** A number below 2³². */
function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}
