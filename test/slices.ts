import type { TestModule } from "vitest/node"

/**
 * What the run of all tests may take, in minutes of two workers, by the part of the product that is tested: 11 in all. The first pattern that a file's
 * path begins with decides; what no pattern names is the main loop, with whoever sets it up.
 */
const slices: { name: string; minutes: number; files?: RegExp }[] = [
  {
    name: "kit",
    minutes: 2,
    files:
      /^(sdk|cli|examples|server\/src\/(simulator|listeners|traffic|conformance|docs))\/|^test\/(cli|developer|first-channel|guides|listen)\./,
  },
  {
    name: "engine",
    minutes: 2,
    files:
      /^(bench|server\/src\/(delivery|rules|webhooks|database))\/|^test\/(faults|lanes|isolation|careless-partner)\./,
  },
  {
    name: "protocol",
    minutes: 2,
    files:
      /^(contract|server\/src\/(http|channels|calls|templates|oauth)|test\/(conformance|clients|fuzz|security))\/|^test\/(postman|hostile|access-matrix)\./,
  },
  {
    name: "inbox",
    minutes: 2.5,
    files: /^inbox\/|^test\/(composer|failures|gallery|header|inbox\.|journeys|lists|notifications|shell|timeline)/,
  },
  { name: "main loop", minutes: 2.5 },
]

/** How far over its minutes a slice may be. On a slow machine, where all take longer, all are given that much more. */
const allowance = 1.4

export interface SliceTime {
  name: string
  /** Of one worker. */
  seconds: number
  /** What it may take: two workers for its minutes. */
  plannedSeconds: number
  isOver: boolean
}

/** What each slice's files took together, loading included. */
export function sliceTimes(modules: readonly TestModule[]): SliceTime[] {
  const taken = new Map(slices.map(({ name }) => [name, 0]))
  for (const module of modules) {
    const { name } = slices.find(({ files }) => files?.test(module.relativeModuleId) ?? true) as { name: string }
    const { collectDuration, duration } = module.diagnostic()
    taken.set(name, (taken.get(name) ?? 0) + (collectDuration + duration) / 1000)
  }
  const total = [...taken.values()].reduce((sum, seconds) => sum + seconds, 0)
  const planned = slices.reduce((sum, { minutes }) => sum + minutes * 120, 0)
  return slices.map(({ name, minutes }) => {
    const [seconds, plannedSeconds] = [taken.get(name) ?? 0, minutes * 120]
    return {
      name,
      seconds,
      plannedSeconds,
      isOver: seconds > allowance * plannedSeconds * Math.max(1, total / planned),
    }
  })
}
