import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { constants } from "node:fs"
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import { type Binaries, binariesIn, findBinaries } from "./binaries.ts"

/**
 * Where the embedded database lives and as whom its programs run. PostgreSQL refuses to run as root, so as root there are two ways:
 * 1. in a user namespace in which root has another number: files stay in the data directory, even below directories only root may enter;
 * 2. where namespaces are refused (some containers), as the account `postgres` or `nobody`, with binaries and database under /var/lib/causeway.
 *    The data directory then holds a note of the place, which later starts follow.
 */
export interface Place {
  /** Holds the database's own folder, its socket and its log. */
  home: string
  binaries: Binaries
  /** Starts one of PostgreSQL's programs as the right user. */
  run(program: string, args: string[], options: SpawnOptions): ChildProcess
  /** Makes a directory (0700) that those programs may write. */
  makeDir(path: string): Promise<void>
}

const sharedRoot = "/var/lib/causeway"
const placeNote = "postgres.place"

export async function choosePlace(dataDir: string, log: Log): Promise<Place> {
  await makeDataDir(dataDir)
  const binaries = findBinaries(join(dataDir, "postgres-lib"))
  const noted = await readFile(join(dataDir, placeNote), "utf8").catch(() => null)
  if (process.getuid?.() !== 0) {
    if (noted !== null)
      throw new StartError(`The database of ${dataDir} is in ${noted.trim()}, made by root.`, "Start as root.")
    return direct(dataDir, binaries)
  }
  if (noted === null && (await namespacesWork(dataDir, binaries))) return inNamespace(dataDir, binaries)
  if (noted === null) await refuseForeign(dataDir)
  return asAccount(dataDir, binaries, noted?.trim() ?? null, log)
}

/** A database is there, but not one that root can run from here: an empty one elsewhere in its stead would look like lost data. */
async function refuseForeign(dataDir: string): Promise<void> {
  const found = await stat(join(dataDir, "postgres")).catch(() => null)
  if (found === null) return
  throw found.uid === 0
    ? new StartError(
        `The database in ${dataDir} was made by root in a user namespace, which this machine refuses.`,
        `Give it to an ordinary user, chown -R USER ${dataDir}, and start as that user.`,
      )
    : new StartError(`The database in ${dataDir} belongs to user ${found.uid}.`, "Start as that user.")
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makePath(dataDir)
    await access(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new StartError(
      `The data directory ${dataDir} cannot be written (${reason}).`,
      "Give another: npm start -- --data DIR",
      { cause: error },
    )
  }
}

/** `mkdir -p`, which in Node spins for ever where the last step answers ENOENT although its parent is there (/proc). */
async function makePath(path: string): Promise<void> {
  const make = () =>
    mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" || dirname(path) === path) throw error
    await makePath(dirname(path))
    await make()
  })
}

const makeOwnDir = async (path: string) => {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
}

const environment = (binaries: Binaries): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  TZ: "UTC",
  LC_ALL: "C",
  ...binaries.env,
})

const direct = (home: string, binaries: Binaries): Place => ({
  home,
  binaries,
  run: (program, args, options) => spawn(program, args, { ...options, env: environment(binaries) }),
  makeDir: makeOwnDir,
})

const namespace = ["--user", "--map-user=65534", "--map-group=65534", "--"]

const inNamespace = (home: string, binaries: Binaries): Place => ({
  ...direct(home, binaries),
  // unshare replaces itself by the program, so the process started is the program.
  run: (program, args, options) =>
    spawn("unshare", [...namespace, program, ...args], { ...options, env: environment(binaries) }),
})

/** The real programs and the real directory are tried: a parent directory of another owner refuses just like a container's rules. */
async function namespacesWork(dataDir: string, binaries: Binaries): Promise<boolean> {
  const script = 'test -w "$1" && test -x "$1" && "$2" --version && "$3" --version'
  const args = [...namespace, "sh", "-c", script, "sh", dataDir, binaries.postgres, binaries.initdb]
  return (await exitCode(spawn("unshare", args, { stdio: "ignore", env: environment(binaries) }))) === 0
}

/** Null when the program could not be started at all. */
export const exitCode = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.on("error", () => resolve(null))
    child.on("exit", (code) => resolve(code))
  })

async function asAccount(dataDir: string, binaries: Binaries, noted: string | null, log: Log): Promise<Place> {
  const account = await findAccount()
  if (account === null) {
    throw new StartError(
      "PostgreSQL does not run as root, this machine refuses user namespaces, and it has no account named postgres or nobody.",
      "Start as an ordinary user, or give your own database: DATABASE_URL=postgres://user:password@host/name",
    )
  }
  const home = noted ?? join(sharedRoot, createHash("sha256").update(dataDir).digest("hex").slice(0, 16))
  await mkdir(sharedRoot, { recursive: true, mode: 0o755 })
  const makeDir = async (path: string) => {
    await makeOwnDir(path)
    await chown(path, account.uid, account.gid)
  }
  await makeDir(home)
  const copied = binariesIn(await copyBinaries(binaries.root), join(home, "postgres-lib"))
  if (noted === null) await writeFile(join(dataDir, placeNote), `${home}\n`, { mode: 0o600 })
  log.warn({ account: account.name, database_dir: home }, "database.outside_data_dir")
  return {
    home,
    binaries: copied,
    run: (program, args, options) =>
      spawn(program, args, { ...options, cwd: home, uid: account.uid, gid: account.gid, env: environment(copied) }),
    makeDir,
  }
}

async function findAccount(): Promise<{ name: string; uid: number; gid: number } | null> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").map((line) => line.split(":"))
  for (const name of ["postgres", "nobody"]) {
    const line = lines.find((fields) => fields[0] === name)
    if (line !== undefined) return { name, uid: Number(line[2]), gid: Number(line[3]) }
  }
  return null
}

/** The package may lie where only root may look, so its programs are copied once per version. Returns the copy's root. */
async function copyBinaries(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, "..", "package.json"), "utf8")) as { version: string }
  const copy = join(sharedRoot, `postgresql-${version}`)
  if (
    await access(join(copy, "bin")).then(
      () => true,
      () => false,
    )
  )
    return copy
  const draft = `${copy}.${process.pid}`
  await cp(root, draft, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE })
  await rename(draft, copy).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true, force: true })
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST")
      throw new Error(`cannot make ${basename(copy)}`, { cause: error })
  })
  return copy
}
