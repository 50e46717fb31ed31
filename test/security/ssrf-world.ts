/**
 * A world of its own, run within a network namespace in which every address there is belongs to this machine: a connection that is made, to wherever,
 * is heard here. Prints what came of each trick, and every address that somebody connected to.
 */
import { execFileSync } from "node:child_process"
import { createServer } from "node:net"
import { createDialer } from "@causeway/server/delivery/dialer"
import { createNames, type NameServer } from "@causeway/server/delivery/names"
import { names, publicAddresses, tricks } from "./ssrf-tricks.ts"

for (const command of ["link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"])
  execFileSync("ip", command.split(" "))

const heard: string[] = []
for (const port of [80, 443])
  await new Promise<void>((resolve) =>
    createServer((socket) => {
      heard.push(String(socket.localAddress).replace(/^::ffff:/, ""))
      socket.on("error", () => {})
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    }).listen(port, "::", resolve),
  )

const asked = new Map<string, number>()
/** Each family is asked once a question; both hear the same answer. */
function answer(name: string, isFour: boolean): { address: string; ttl: number }[] {
  const answers = names[name.replace(/\.$/, "").toLowerCase()]
  if (answers === undefined) throw Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" })
  const turn = asked.get(`${name} ${isFour}`) ?? 0
  asked.set(`${name} ${isFour}`, turn + 1)
  const said = answers[Math.min(turn, answers.length - 1)] ?? []
  const ofFamily = said.filter((address) => address.includes(":") !== isFour)
  if (ofFamily.length === 0) throw Object.assign(new Error("ENODATA"), { code: "ENODATA" })
  return ofFamily.map((address) => ({ address, ttl: 0 }))
}
const nameServer: NameServer = {
  resolve4: async (name) => answer(name, true),
  resolve6: async (name) => answer(name, false),
}

/** A dialer for every question, so that no answer is remembered: the name server's change of mind has to be met. */
async function dial(url: string): Promise<string> {
  const dialer = createDialer({ names: createNames({ nameServer, limitMs: 500, hostsFile: "/nowhere" }) })
  const request = { url, method: "POST", headers: { "content-type": "application/json" }, body: "{}" }
  const { outcome } = await dialer.start(request, { limitMs: 2_000 }).report
  await dialer.close()
  return outcome.kind === "answered" ? "answered" : outcome.code
}

const controls = await Promise.all(
  publicAddresses.map((address) => dial(`http://${address.includes(":") ? `[${address}]` : address}/`)),
)
const heardOfControls = heard.splice(0)
const outcomes: Record<string, number> = {}
const answered: string[] = []
for (const url of tricks) {
  const outcome = await dial(url)
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  if (outcome === "answered") answered.push(url)
}
process.stdout.write(JSON.stringify({ controls, heardOfControls, heard: [...new Set(heard)], outcomes, answered }))
process.exit(0)
