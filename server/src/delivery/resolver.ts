import { Resolver } from "node:dns/promises"
import { readFile } from "node:fs/promises"
import { isIP } from "node:net"

/** Names to addresses. Rejects with the resolver's code (ENOTFOUND, ETIMEOUT, ESERVFAIL …). */
export interface NameResolver {
  resolve(name: string): Promise<string[]>
}

const answerMs = 2_000
const keptMs = 30_000
const namesMax = 5_000

/** Asks the name servers directly (the system call has four threads, and a few slow names would stall everybody), after /etc/hosts. Answers are kept for 30 s. */
export function createResolver(): NameResolver {
  const kept = new Map<string, { addresses: Promise<string[]>; until: number }>()

  async function look(name: string): Promise<string[]> {
    const fromFile = (await hostsFile()).get(name)
    if (fromFile !== undefined) return fromFile
    const resolver = new Resolver({ timeout: answerMs, tries: 1 })
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const addresses = [...(four.status === "fulfilled" ? four.value : []), ...(six.status === "fulfilled" ? six.value : [])]
    if (addresses.length > 0) return addresses
    throw four.status === "rejected" ? four.reason : (six as PromiseRejectedResult).reason
  }

  return {
    async resolve(hostname) {
      const name = hostname.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "")
      if (isIP(name) !== 0) return [name]
      if (name === "localhost" || name.endsWith(".localhost")) return ["127.0.0.1", "::1"]
      const known = kept.get(name)
      if (known !== undefined && known.until > performance.now()) return await known.addresses
      if (kept.size >= namesMax) kept.delete(kept.keys().next().value as string)
      const addresses = look(name)
      kept.set(name, { addresses, until: performance.now() + keptMs })
      addresses.catch(() => kept.delete(name))
      return await addresses
    },
  }
}

let hosts: { map: Map<string, string[]>; until: number } | null = null

async function hostsFile(): Promise<Map<string, string[]>> {
  if (hosts !== null && hosts.until > performance.now()) return hosts.map
  const map = new Map<string, string[]>()
  for (const line of (await readFile("/etc/hosts", "utf8").catch(() => "")).split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/)
    for (const name of names) map.set(name.toLowerCase(), [...(map.get(name.toLowerCase()) ?? []), address as string])
  }
  hosts = { map, until: performance.now() + keptMs }
  return map
}
