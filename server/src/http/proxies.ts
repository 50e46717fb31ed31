import type { IncomingMessage } from "node:http"
import { BlockList, isIP, isIPv6 } from "node:net"

/** Says whether a proxy at this address is believed. */
export type Trust = (address: string) => boolean

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1"],
}

/** Of addresses, ranges (`10.0.0.0/8`) and "loopback". Throws a sentence about the first entry that is none of them. */
export function trustOf(entries: readonly string[]): Trust {
  const list = new BlockList()
  for (const entry of entries.flatMap((entry) => named[entry] ?? [entry])) add(list, entry)
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4")
}

function add(list: BlockList, entry: string): void {
  const [address = "", bits, ...more] = entry.split("/")
  const family = isIPv6(address) ? "ipv6" : "ipv4"
  const length = bits === undefined ? null : Number(bits)
  if (isIP(address) === 0 || more.length > 0 || !(length === null || isLength(bits, family)))
    throw new Error(`${entry} is no address, no range and not "loopback"`)
  if (length === null) list.addAddress(address, family)
  else list.addSubnet(address, length, family)
}

/** A range of everything would believe everybody. */
const isLength = (bits: string | undefined, family: "ipv4" | "ipv6"): boolean =>
  /^\d{1,3}$/.test(bits ?? "") && Number(bits) >= 1 && Number(bits) <= (family === "ipv6" ? 128 : 32)

/**
 * The address that a request comes from: the connection's, or, while that is a proxy that is believed, whoever the proxy says it asks for, and so on. A
 * word of anybody else is not looked at, and neither is `Forwarded`: a proxy that writes one of the two headers passes the other on as the client sent it.
 */
export function addressOf({ socket, headers }: Pick<IncomingMessage, "socket" | "headers">, trust: Trust): string {
  let address = plain(socket.remoteAddress ?? "")
  const told = String(headers["x-forwarded-for"] ?? "").split(",")
  while (told.length > 0 && trust(address)) {
    const next = parse((told.pop() as string).trim())
    if (next === null) break
    address = next
  }
  return address
}

/** Whether the browser speaks https to a proxy that is believed. */
export const isHttpsBefore = (
  { socket, headers }: Pick<IncomingMessage, "socket" | "headers">,
  trust: Trust,
): boolean =>
  trust(plain(socket.remoteAddress ?? "")) &&
  /(^|,)\s*https$/i.test(String(headers["x-forwarded-proto"] ?? "").trimEnd())

/** One hop's word: an address, some with a port behind it; null for anything else. */
function parse(word: string): string | null {
  const address = plain(/^\[([\da-f:.]+)\](:\d+)?$/i.exec(word)?.[1] ?? word.replace(/^([\d.]+):\d+$/, "$1"))
  return isIP(address) === 0 ? null : address
}

/** An IPv4 address as such, also where the socket speaks IPv6. */
const plain = (address: string): string => /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address
