import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { openTerminal } from "./cli-world.ts"
import { root } from "./source-tree.ts"

const guides = [
  "first-channel",
  "threading",
  "errors-and-retries",
  "attachments",
  "calls",
  "templates",
  "moving-an-integration",
  "testing-in-ci",
].map((name) => `docs/${name}.md`)
const readmes = ["README.md", ...["live-chat", "sms", "phone"].map((name) => `examples/${name}/README.md`)]
const textOf = (path: string): Promise<string> => readFile(join(root, path), "utf8")

test("every command in a guide is one that there is, with options that it takes", async () => {
  const terminal = await openTerminal({})
  let count = 0
  for (const guide of [...guides, ...readmes]) {
    const commands = [...(await textOf(guide)).matchAll(/(?:npx|run) causeway (?:-- )?([^`\n#]+)/g)].map(
      ([, words = ""]) => words.trim(),
    )
    for (const words of commands) {
      const { code, err } = await terminal.type(`causeway ${words} --help`)
      expect(code, `${guide}: causeway ${words}: ${err}`).toBe(0)
      count++
    }
  }
  expect(count).toBeGreaterThan(30)
})

test("the code in the guides compiles against the SDK as it is", async () => {
  const folder = join(root, "node_modules/.cache/causeway-guides")
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const guide of guides)
    for (const [i, [, code = ""]] of [...(await textOf(guide)).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].entries())
      await writeFile(join(folder, `${guide.replace(/\W/g, "-")}-${i}.ts`), `${code}\nexport {}\n`)
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
    include: ["*.ts"],
    exclude: [],
  }
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config))
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const ran = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch((error) => error)
  expect(ran.stdout).toBe("")
})

test("links between the guides lead somewhere", async () => {
  const broken = []
  for (const guide of [...guides, ...readmes])
    for (const [, target = ""] of (await textOf(guide)).matchAll(/\]\(([^)#:]+)\)/g))
      if (!existsSync(join(root, dirname(guide), target))) broken.push(`${guide}: ${target}`)
  expect(broken).toEqual([])
})
