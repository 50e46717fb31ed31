import { createSocket, type RemoteInfo, type Socket } from "node:dgram"
import type { AddressInfo } from "node:net"

/** What a name server says when a name is asked for. Addresses of both families may stand beside each other. */
export type NameAnswer =
  | { addresses: readonly string[]; ttlSeconds?: number; delayMs?: number }
  /** The address is another name's, which is looked for among the same answers; a chain may be as long as it likes. */
  | { cname: string; delayMs?: number }
  | "NXDOMAIN"
  | "SERVFAIL"
  | "REFUSED"
  | "silence"
  /** Half a packet. */
  | "garbage"

/** Called for every question; `nth` counts the questions for this name and family, from 1. */
export type NameScript = (name: string, nth: number) => NameAnswer

export interface FakeNames {
  port: number
  /** Questions so far by name. */
  readonly asked: ReadonlyMap<string, number>
  close(): Promise<void>
}

const types: Record<number, "A" | "AAAA"> = { 1: "A", 28: "AAAA" }
const typeNumbers = { A: 1, CNAME: 5, AAAA: 28 }
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 }
const chainMax = 16

/** A name server (RFC 1035, UDP alone) that says what a script tells it to. */
export async function openNames(
  script: NameScript,
  { host = "127.0.0.1", port = 0 }: { host?: string; port?: number } = {},
): Promise<FakeNames> {
  const asked = new Map<string, number>()
  const counts = new Map<string, number>()
  const socket: Socket = createSocket("udp4")
  const timers = new Set<NodeJS.Timeout>()

  socket.on("message", (packet, from) => {
    const question = parseQuestion(packet)
    if (question === null) return
    const { name, type } = question
    asked.set(name, (asked.get(name) ?? 0) + 1)
    const key = `${type} ${name}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    const answer = script(name, counts.get(key) as number)
    const delayMs = typeof answer === "object" ? (answer.delayMs ?? 0) : 0
    const timer = setTimeout(() => {
      timers.delete(timer)
      say(socket, from, question, answer, (other) => script(other, 1))
    }, delayMs)
    timers.add(timer)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject)
    socket.bind(port, host, resolve)
  })
  return {
    port: (socket.address() as AddressInfo).port,
    asked,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      await new Promise<void>((resolve) => socket.close(resolve))
    },
  }
}

interface Question {
  id: number
  name: string
  type: number
  /** As it stood in the packet. */
  bytes: Buffer
}

function parseQuestion(packet: Buffer): Question | null {
  const labels: string[] = []
  let at = 12
  for (let length = packet[at]; length !== undefined && length > 0 && length < 64; length = packet[at]) {
    labels.push(packet.toString("latin1", at + 1, at + 1 + length))
    at += 1 + length
  }
  if (packet.length < at + 5) return null
  const bytes = packet.subarray(12, at + 5)
  return { id: packet.readUInt16BE(0), name: labels.join(".").toLowerCase(), type: packet.readUInt16BE(at + 1), bytes }
}

function say(
  socket: Socket,
  to: RemoteInfo,
  question: Question,
  answer: NameAnswer,
  other: (name: string) => NameAnswer,
): void {
  if (answer === "silence") return
  const records: Buffer[] = []
  let code: keyof typeof codes = "NOERROR"
  let name = question.name
  for (let i = 0; i < chainMax; i++) {
    if (typeof answer === "string") {
      code = answer === "garbage" || answer === "silence" ? "NOERROR" : answer
      break
    }
    if ("addresses" in answer) {
      records.push(...addressRecords(name, question.type, answer.addresses, answer.ttlSeconds ?? 0))
      break
    }
    records.push(record(name, typeNumbers.CNAME, 0, encodeName(answer.cname)))
    name = answer.cname
    answer = other(name)
  }
  const head = Buffer.alloc(12)
  head.writeUInt16BE(question.id, 0)
  head.writeUInt16BE(0x8180 | codes[code], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  const packet = Buffer.concat([head, question.bytes, ...records])
  socket.send(answer === "garbage" ? packet.subarray(0, 9) : packet, to.port, to.address)
}

const addressRecords = (name: string, type: number, addresses: readonly string[], ttlSeconds: number): Buffer[] =>
  addresses
    .filter((address) => types[type] === (address.includes(":") ? "AAAA" : "A"))
    .map((address) => record(name, type, ttlSeconds, encodeAddress(address)))

function record(name: string, type: number, ttlSeconds: number, data: Buffer): Buffer {
  const middle = Buffer.alloc(10)
  middle.writeUInt16BE(type, 0)
  middle.writeUInt16BE(1, 2)
  middle.writeUInt32BE(ttlSeconds, 4)
  middle.writeUInt16BE(data.length, 8)
  return Buffer.concat([encodeName(name), middle, data])
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]),
    Buffer.from([0]),
  ])

function encodeAddress(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number))
  const [left = "", right] = address.split("::")
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)))
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]))
}
