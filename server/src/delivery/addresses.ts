import { BlockList, isIP } from "node:net"

/** Whom an address belongs to, as far as an outgoing request must know. */
export type AddressKind = "public" | "loopback" | "private" | "never"

const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8, "ipv4")
loopback.addAddress("::1", "ipv6")

const privateRanges = new BlockList()
for (const [net, prefix] of [["10.0.0.0", 8], ["172.16.0.0", 12], ["192.168.0.0", 16], ["100.64.0.0", 10]] as const) privateRanges.addSubnet(net, prefix, "ipv4")
privateRanges.addSubnet("fc00::", 7, "ipv6")

/** Link-local (cloud metadata lives there), multicast, unspecified, documentation, benchmarking, reserved: nobody's partner. Source: IANA special-purpose registries. */
const never = new BlockList()
for (const [net, prefix] of [
  ["0.0.0.0", 8], ["169.254.0.0", 16], ["192.0.0.0", 24], ["192.0.2.0", 24], ["192.88.99.0", 24], ["198.18.0.0", 15], ["198.51.100.0", 24], ["203.0.113.0", 24], ["224.0.0.0", 4], ["240.0.0.0", 4],
] as const) never.addSubnet(net, prefix, "ipv4")
for (const [net, prefix] of [["fe80::", 10], ["ff00::", 8], ["fec0::", 10], ["2001:db8::", 32], ["100::", 64], ["2001::", 23], ["5f00::", 16]] as const) never.addSubnet(net, prefix, "ipv6")
never.addAddress("::", "ipv6")

/** The kind of a literal address. An IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4) counts as what it is inside. */
export function classifyAddress(address: string): AddressKind {
  const family = isIP(address)
  if (family === 0) return "never"
  if (family === 6) {
    if (loopback.check(address, "ipv6")) return "loopback"
    const inner = embeddedIpv4(address)
    if (inner !== null) return classifyAddress(inner)
  }
  const type = family === 4 ? "ipv4" : "ipv6"
  if (loopback.check(address, type)) return "loopback"
  if (never.check(address, type)) return "never"
  return privateRanges.check(address, type) ? "private" : "public"
}

function embeddedIpv4(address: string): string | null {
  const groups = expand(address)
  if (groups === null) return null
  const [a, b] = groups
  const low = dotted(groups[6] as number, groups[7] as number)
  if (groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0)) return low // mapped, compatible
  if (a === 0x64 && b === 0xff9b) return low // NAT64
  if (a === 0x2002) return dotted(b as number, groups[2] as number) // 6to4
  return null
}

const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join(".")

/** The eight 16-bit groups of an IPv6 address; null when it is none. */
function expand(address: string): number[] | null {
  const bare = address.split("%")[0] as string
  const text = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, p, q, r, s) => `${((+p << 8) | +q).toString(16)}:${((+r << 8) | +s).toString(16)}`)
  const [head = "", tail] = text.split("::")
  const left = head === "" ? [] : head.split(":")
  const right = tail === undefined || tail === "" ? [] : tail.split(":")
  const fill = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array(Math.max(fill, 0)).fill("0"), ...right].map((group) => Number.parseInt(group, 16))
  return groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xffff) ? groups : null
}
