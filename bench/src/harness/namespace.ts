import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** Addresses that a network of our own has, for what it looks like to the server: the open internet, and what no partner may lead it to. */
export const addresses = {
  nameServer: "127.0.0.53",
  public: "93.184.216.34",
  private: "10.9.8.7",
  office: "192.168.7.7",
  metadata: "169.254.169.254",
  /** Of the open internet too, and nobody there. */
  nobody: "93.184.216.99",
}

const variable = "CAUSEWAY_FAULTS_NETWORK"
export const isInside = (): boolean => process.env[variable] !== undefined

/**
 * Runs this program again in a network of its own, which no packet leaves, with a name server that the row brings, and answers what it printed. Throws
 * with the reason where this machine refuses that.
 */
export async function runInside(args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-faults-network-"))
  const resolver = join(folder, "resolv.conf")
  writeFileSync(resolver, `nameserver ${addresses.nameServer}\n`)
  const here = [addresses.public, addresses.private, addresses.office, addresses.metadata]
  const script = [
    "ip link set lo up",
    ...here.map((address) => `ip addr add ${address}/32 dev lo`),
    `mount --bind ${resolver} /etc/resolv.conf`,
    'exec "$@"',
  ].join(" && ")
  const main = fileURLToPath(new URL("../faults.ts", import.meta.url))
  const child = spawn(
    "unshare",
    ["--net", "--mount", "--", "sh", "-c", script, "sh", process.execPath, main, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, [variable]: folder },
    },
  )
  let said = ""
  let trouble = ""
  child.stdout.on("data", (piece) => {
    said += piece
  })
  child.stderr.on("data", (piece) => {
    trouble = (trouble + piece).slice(-2_000)
  })
  await new Promise((resolve) => child.on("close", resolve).on("error", resolve))
  rmSync(folder, { recursive: true, force: true })
  if (!said.startsWith("{")) throw new Error(trouble.trim() || "unshare cannot be run")
  return said
}
