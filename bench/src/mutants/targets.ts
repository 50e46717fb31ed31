import type { Limits } from "./mutate.ts"

/** A file that decides, and what has to notice when it decides otherwise. Paths from the root of the repository. */
export interface Target extends Limits {
  file: string
  /** Unit tests that need nothing but the file. */
  tests: readonly string[]
}

const at = (name: string): string => `server/src/delivery/${name}.ts`

/** What delivery decides. The simulator runs after the unit tests of each, where they notice nothing. */
export const targets: readonly Target[] = [
  { file: at("next-step"), tests: [at("next-step.test")] },
  { file: at("health"), tests: [at("health.test")] },
  { file: at("jitter"), tests: [at("health.test"), at("next-step.test")] },
  { file: at("answer"), tests: [at("answer.test"), at("next-step.test")] },
  { file: at("turns"), tests: [at("turns.test")] },
]

/** Exit code of a trial whose target fails as it is. */
export const unusable = 3
