import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, test } from "vitest"
import { figure } from "../figure.ts"
import { publicAddresses, tricks } from "./ssrf-tricks.ts"

const canHaveNamespaces = spawnSync("unshare", ["-n", "ip", "link", "set", "lo", "up"]).status === 0
if (!canHaveNamespaces)
  process.stderr.write("SKIPPED: the canaries of outgoing requests, because no network namespace can be made here.\n")

describe.skipIf(!canHaveNamespaces)("outgoing requests in a world where every address listens", () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the world printed
  let world: any
  beforeAll(() => {
    const path = fileURLToPath(new URL("ssrf-world.ts", import.meta.url))
    const run = spawnSync("unshare", ["-n", process.execPath, path], { encoding: "utf8", timeout: 60_000 })
    if (run.status !== 0) throw new Error(`the world of canaries ended with ${run.status}: ${run.stderr}`)
    world = JSON.parse(run.stdout)
  })

  test("the canaries hear whoever comes", () => {
    expect(world.controls).toEqual(["answered", "answered"])
    expect(world.heardOfControls.toSorted()).toEqual(publicAddresses.toSorted())
  })

  test(`of ${tricks.length} ways to write an address that is nobody's business, none leads there`, () => {
    const reached = world.heard.filter((address: string) => !publicAddresses.includes(address))
    figure("S4", `${tricks.length} tricks, ${reached.length} canaries reached`)
    expect(tricks.length).toBeGreaterThanOrEqual(500)
    // A name with a public address beside a private one leads to the public one, and nowhere else.
    expect(world.heard.toSorted()).toEqual(publicAddresses.toSorted())
    expect(world.answered.filter((url: string) => !/mixed|rebinds/i.test(url))).toEqual([])
  })
})
