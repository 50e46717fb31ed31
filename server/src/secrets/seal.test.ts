import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { openSeal } from "./seal.ts"

const newFolder = () => mkdtemp(join(tmpdir(), "causeway-seal-"))

test("what is sealed opens again, after a restart too, and looks different every time", async () => {
  const dataDir = await newFolder()
  const seal = await openSeal({ dataDir })
  const sealed = seal.seal("the secret – ключ", "app:1:secret")
  expect(sealed.toString("latin1")).not.toContain("secret")
  expect(sealed.equals(seal.seal("the secret – ключ", "app:1:secret"))).toBe(false)
  expect((await openSeal({ dataDir })).open(sealed, "app:1:secret")).toBe("the secret – ключ")
})

test("the key file is for our user alone", async () => {
  const dataDir = await newFolder()
  await openSeal({ dataDir })
  expect((await stat(join(dataDir, "secret.key"))).mode & 0o777).toBe(0o600)
})

test("another context, another key and a changed byte do not open", async () => {
  const seal = await openSeal({ dataDir: await newFolder() })
  const other = await openSeal({ dataDir: await newFolder() })
  const sealed = seal.seal("x", "app:1:secret")
  expect(() => seal.open(sealed, "app:2:secret")).toThrow()
  expect(() => other.open(sealed, "app:1:secret")).toThrow()
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] as number) ^ 1
    expect(() => seal.open(changed, "app:1:secret")).toThrow()
  }
  expect(() => seal.open(sealed.subarray(0, 20), "app:1:secret")).toThrow()
})

test("a given key wins over the file, as base64 or hex; another length is refused by name", async () => {
  const dataDir = await newFolder()
  const key = Buffer.alloc(32, 3)
  const byHex = await openSeal({ dataDir, secretKey: key.toString("hex") })
  const byBase64 = await openSeal({ dataDir, secretKey: key.toString("base64") })
  expect(byBase64.open(byHex.seal("x", "c"), "c")).toBe("x")
  await expect(stat(join(dataDir, "secret.key"))).rejects.toThrow()
  await expect(openSeal({ dataDir, secretKey: "c2hvcnQ=" })).rejects.toThrow(
    "CAUSEWAY_SECRET_KEY does not hold a key of 32 bytes",
  )
})

test("a damaged key file stops the start and is left as it is", async () => {
  const dataDir = await newFolder()
  await writeFile(join(dataDir, "secret.key"), "oops")
  await expect(openSeal({ dataDir })).rejects.toThrow("secret.key does not hold a key")
  expect(await readFile(join(dataDir, "secret.key"), "utf8")).toBe("oops")
})
