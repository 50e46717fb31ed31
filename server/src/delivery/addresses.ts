import { BlockList, isIPv4 } from "node:net"

/**
 * What kind of place an address is. `forbidden` is never dialled: link-local, cloud metadata, multicast, unspecified, reserved, documentation.
 * `loopback` and `private` may be allowed by whoever runs the server.
 */
export type AddressClass = "public" | "loopback" | "private" | "forbidden"

/** Source: IANA's special-purpose address registries. Default deny for IPv6: only 2000::/3 is handed out to the public. */
const forbidden = listOf([
  ["0.0.0.0", 8],
  ["169.254.0.0", 16], // link-local; 169.254.169.254 is most clouds' metadata
  ["192.0.0.0", 24], // protocol assignments; one cloud's metadata
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3], // multicast and reserved, broadcast included
  ["100.100.100.200", 32], // metadata inside a range that may be allowed
  ["168.63.129.16", 32], // a cloud's control channel on a public address
  ["fd00:ec2::254", 128],
  ["fd20:ce::254", 128],
  ["2001::", 23], // protocol assignments; Teredo is unwrapped before
  ["2001:db8::", 32],
  ["3fff::", 20],
])
const loopback = listOf([
  ["127.0.0.0", 8],
  ["::1", 128],
])
const privateUse = listOf([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["fc00::", 7],
])
const globalUnicast = listOf([["2000::", 3]])

function listOf(ranges: [address: string, prefix: number][]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, isIPv4(address) ? "ipv4" : "ipv6")
  return list
}

/** The class of an address literal without brackets. A form that carries an IPv4 address inside is as good as the worst that it carries. */
export function classifyAddress(address: string): AddressClass {
  if (isIPv4(address)) return classOf(address, "ipv4")
  const groups = parseGroups(address)
  if (groups === null) return "forbidden" // a zone id, or nothing we understand
  const mapped = mappedAddress(groups)
  if (mapped !== null) return classOf(mapped, "ipv4")
  const embedded = embeddedAddresses(groups)
  if (embedded === null) return classOf(address, "ipv6")
  return embedded.every((inner) => classOf(inner, "ipv4") === "public") ? "public" : "forbidden"
}

function classOf(address: string, family: "ipv4" | "ipv6"): AddressClass {
  if (forbidden.check(address, family)) return "forbidden"
  if (loopback.check(address, family)) return "loopback"
  if (privateUse.check(address, family)) return "private"
  return family === "ipv4" || globalUnicast.check(address, family) ? "public" : "forbidden"
}

/** ::ffff:a.b.c.d is the IPv4 address itself, written otherwise. */
const mappedAddress = (groups: readonly number[]): string | null =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff ? ipv4From(groups, 6) : null

/** NAT64 (RFC 6052), 6to4 (RFC 3056) and Teredo (RFC 4380, its client's address is inverted); null for any other address. */
function embeddedAddresses(groups: readonly number[]): string[] | null {
  if (groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0))
    return [ipv4From(groups, 6)]
  if (groups[0] === 0x2002) return [ipv4From(groups, 1)]
  const inverted = groups.map((group) => group ^ 0xffff)
  if (groups[0] === 0x2001 && groups[1] === 0) return [ipv4From(groups, 2), ipv4From(inverted, 6)]
  return null
}

function ipv4From(groups: readonly number[], at: number): string {
  const [high = 0, low = 0] = [groups[at], groups[at + 1]]
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}

/** The eight groups of an IPv6 address, as the URL standard writes it. */
function parseGroups(address: string): number[] | null {
  if (!URL.canParse(`http://[${address}]`)) return null
  const [left = "", right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::")
  const head = hexGroups(left)
  const tail = right === undefined ? [] : hexGroups(right)
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

const hexGroups = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16))
