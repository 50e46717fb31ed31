import { readFileSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import type { Answer, World } from "./world.ts"

/** How one little question was answered; status null: not at all. */
export interface Probe {
  status: number | null
  tookMs: number
  retryAfter: string | null
}

export async function probe(ask: () => Promise<Answer>): Promise<Probe> {
  const began = performance.now()
  const answer = await ask().catch(() => null)
  return {
    status: answer?.status ?? null,
    tookMs: performance.now() - began,
    retryAfter: answer?.headers.get("retry-after") ?? null,
  }
}

/** A list that is always there, read with the company's token. */
export const reading = (world: World) => (): Promise<Answer> => world.ask("GET", "/inboxes", { token: world.apiToken })

/** Asks again and again, each time whether or not the last one was answered, until `work` has ended. */
export async function probeDuring(
  ask: () => Promise<Answer>,
  work: () => Promise<unknown>,
  everyMs = 200,
): Promise<Probe[]> {
  const probes: Promise<Probe>[] = []
  const timer = setInterval(() => probes.push(probe(ask)), everyMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return await Promise.all(probes)
}

/** Milliseconds until a question is answered with 2xx again; not much more than `limitMs`. */
export async function untilWell(ask: () => Promise<Answer>, limitMs: number): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < limitMs) {
    const { status } = await probe(ask)
    if (status !== null && status < 300) break
    await delay(50)
  }
  return performance.now() - began
}

/** Statuses of everything that is asked of this world from now on. */
export function countStatuses(world: World): Map<number, number> {
  const counts = new Map<number, number>()
  const { ask } = world
  world.ask = async (...args) => {
    const answer = await ask(...args)
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
    return answer
  }
  return counts
}

/** What a process holds in memory, in bytes; 0 when it is gone. */
export function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024
  } catch {
    return 0
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
export const slowestOf = (probes: readonly Probe[]): number => Math.max(0, ...probes.map(({ tookMs }) => tookMs))
export const countOf = (probes: readonly Probe[], status: number): number =>
  probes.filter((one) => one.status === status).length
