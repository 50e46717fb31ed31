import { execFile } from "node:child_process"
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import { afterAll, beforeAll, expect, test } from "vitest"

const run = promisify(execFile)
const sdk = fileURLToPath(new URL("..", import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "causeway-sdk-"))
  await run(process.execPath, [join(sdk, "build.ts")])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test("the packed package installs into an empty folder, brings nothing with it, and works there", async () => {
  await run("npm", ["pack", join(sdk, "dist"), "--pack-destination", folder])
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? ""
  await writeFile(join(folder, "package.json"), '{"type":"module"}')
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: folder })
  expect(await readdir(join(folder, "node_modules"))).toEqual([".package-lock.json", "@causeway"])
  await writeFile(
    join(folder, "channel.mjs"),
    `import { defineChannel, signWebhook } from "@causeway/sdk"
     const channel = defineChannel({ secret: "s", onMessage: ({ id }) => ({ externalId: "x-" + id, externalConversationId: "t" }) })
     const body = JSON.stringify({ type: "message", payload: { id: "msg_1", recipients: [] } })
     const at = String(Date.now())
     const headers = { "x-front-request-timestamp": at, "x-front-signature": signWebhook("s", at, body) }
     console.log(await (await channel(new Request("http://localhost/", { method: "POST", headers, body }))).text())`,
  )
  const { stdout } = await run(process.execPath, ["channel.mjs"], { cwd: folder })
  expect(JSON.parse(stdout)).toEqual({ type: "success", external_id: "x-msg_1", external_conversation_id: "t" })
})

test("who takes one part does not pay for the others", async () => {
  const whole = await gzBytes("*")
  const verifying = await gzBytes("{ verifyWebhook }")
  process.stderr.write(`sdk: ${whole} bytes gz, verifyWebhook alone ${verifying}\n`)
  expect(whole).toBeLessThan(8000)
  expect(verifying).toBeLessThan(1000)
})

async function gzBytes(names: string): Promise<number> {
  const entry = join(folder, "entry.mjs")
  await writeFile(entry, `export ${names} from ${JSON.stringify(join(sdk, "dist/sdk/src/index.js"))}`)
  const bundle = await rolldown({ input: entry, platform: "node" })
  const { output } = await bundle.generate({ minify: true })
  await bundle.close()
  return gzipSync(output[0].code).length
}
