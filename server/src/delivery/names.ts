import { Resolver } from "node:dns/promises"
import { readFile } from "node:fs/promises"
import { isIP } from "node:net"

/**
 * From names to addresses, without the runtime's `lookup`: that one has four threads, and a few slow names would hold up every other. Here each
 * question is a packet of its own, bounded in time, asked once however many wait for it, and remembered as long as its answer allows.
 */
export interface Names {
  /** At least one address, IPv4 first; or why there is none. Never throws. */
  resolve(name: string): Promise<Resolution>
}

export type Resolution = { addresses: string[] } | { code: "name_not_found" | "name_failed"; reason: string }

/** The part of `dns.promises.Resolver` that is used; tests bring their own. */
export interface NameServer {
  resolve4(name: string, options: { ttl: true }): Promise<{ address: string; ttl: number }[]>
  resolve6(name: string, options: { ttl: true }): Promise<{ address: string; ttl: number }[]>
}

export interface NamesOptions {
  nameServer?: NameServer
  /** Most a name may take, in milliseconds. Default 3 s: the answer has to come within 7 s. */
  limitMs?: number
  /** Default /etc/hosts. */
  hostsFile?: string
}

const limits = {
  names: 2_000,
  ttlSecondsMin: 5,
  ttlSecondsMax: 300,
  missingSeconds: 5,
  failedSeconds: 1,
  hostsSeconds: 5,
}

interface Remembered {
  resolution: Resolution
  untilMs: number
}

export function createNames(options: NamesOptions = {}): Names {
  const limitMs = options.limitMs ?? 3_000
  const nameServer = options.nameServer ?? new Resolver({ timeout: 1_000, tries: 3 })
  const remembered = new Map<string, Remembered>()
  const asked = new Map<string, Promise<Resolution>>()
  const hosts = readHosts(options.hostsFile ?? "/etc/hosts")

  async function ask(name: string): Promise<Resolution> {
    const listed = (await hosts()).get(name)
    if (listed !== undefined) return { addresses: listed }
    const { resolution, ttlSeconds } = await within(askServer(nameServer, name), limitMs, name)
    if (remembered.size >= limits.names) remembered.delete(remembered.keys().next().value as string)
    remembered.set(name, { resolution, untilMs: Date.now() + ttlSeconds * 1000 })
    return resolution
  }

  return {
    async resolve(hostname) {
      const literal = hostname.replace(/^\[(.*)\]$/, "$1")
      if (isIP(literal) !== 0) return { addresses: [literal] }
      const name = hostname.toLowerCase().replace(/\.$/, "")
      if (name === "localhost" || name.endsWith(".localhost")) return { addresses: ["127.0.0.1", "::1"] } // RFC 6761: never asked for
      const known = remembered.get(name)
      if (known !== undefined && known.untilMs > Date.now()) return known.resolution
      const question = asked.get(name) ?? ask(name).finally(() => asked.delete(name))
      asked.set(name, question)
      return await question
    },
  }
}

interface ServerAnswer {
  resolution: Resolution
  ttlSeconds: number
}

/** IPv6 is asked at the same time and only used when there is no IPv4: most partners have both, and one way is enough. */
async function askServer(nameServer: NameServer, name: string): Promise<ServerAnswer> {
  const six = settle(nameServer.resolve6(name, { ttl: true }))
  const four = await settle(nameServer.resolve4(name, { ttl: true }))
  const found = "records" in four && four.records.length > 0 ? four : await six
  if ("records" in found && found.records.length > 0) {
    const ttls = found.records.map((record) => record.ttl)
    const ttlSeconds = Math.min(limits.ttlSecondsMax, Math.max(limits.ttlSecondsMin, Math.min(...ttls)))
    return { resolution: { addresses: found.records.map((record) => record.address) }, ttlSeconds }
  }
  const codes = [four, found].map((part) => ("code" in part ? part.code : "ENODATA"))
  const trouble = codes.find((code) => code !== "ENOTFOUND" && code !== "ENODATA")
  return trouble === undefined ? missing(name) : failed(name, troubleWords[trouble] ?? trouble)
}

const missing = (name: string): ServerAnswer => ({
  resolution: { code: "name_not_found", reason: `the name ${name} does not exist` },
  ttlSeconds: limits.missingSeconds,
})

const failed = (name: string, why: string): ServerAnswer => ({
  resolution: { code: "name_failed", reason: `the name ${name} could not be looked up: ${why}` },
  ttlSeconds: limits.failedSeconds,
})

const troubleWords: Record<string, string> = {
  ESERVFAIL: "its name server failed",
  EREFUSED: "the name server refused to answer",
  ECONNREFUSED: "no name server can be reached",
  ETIMEOUT: "the name server did not answer in time",
  ECANCELLED: "the question was cancelled",
}

type Settled = { records: { address: string; ttl: number }[] } | { code: string }

const settle = (question: Promise<{ address: string; ttl: number }[]>): Promise<Settled> =>
  question.then(
    (records) => ({ records }),
    (error: NodeJS.ErrnoException) => ({ code: error.code ?? "unknown trouble" }),
  )

async function within(answer: Promise<ServerAnswer>, limitMs: number, name: string): Promise<ServerAnswer> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<ServerAnswer>((resolve) => {
    timer = setTimeout(
      () => resolve(failed(name, `the name server did not answer within ${limitMs / 1000} s`)),
      limitMs,
    )
  })
  return await Promise.race([answer, overdue]).finally(() => clearTimeout(timer))
}

/** The hosts file, read again every few seconds at most. Without one there are no names in it. */
function readHosts(path: string): () => Promise<Map<string, string[]>> {
  let untilMs = 0
  let current: Promise<Map<string, string[]>> = Promise.resolve(new Map())
  return () => {
    if (Date.now() < untilMs) return current
    untilMs = Date.now() + limits.hostsSeconds * 1000
    current = readFile(path, "utf8").then(parseHosts, () => new Map())
    return current
  }
}

function parseHosts(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/)
    if (address === undefined || isIP(address) === 0) continue
    for (const name of names.map((one) => one.toLowerCase())) hosts.set(name, [...(hosts.get(name) ?? []), address])
  }
  return hosts
}
