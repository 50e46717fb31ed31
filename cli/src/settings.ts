import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { parseEnv } from "node:util"
import { exit, Failure, usageFailure } from "./failure.ts"

/** A server and how we may call it, kept by `causeway login`. */
export interface Profile {
  url: string
  token: string
}

export interface Settings {
  /** Origin of the server, without a slash at its end. */
  url: string
  /** Null: none was found for this server. */
  token: string | null
  profile: string
  /** A value by its environment variable, also from `.env` in the working directory; throws where it is missing. */
  need(variable: string, what: string): string
  find(variable: string): string | undefined
}

interface Place {
  env: Record<string, string | undefined>
  cwd: string
}

const defaultUrl = "http://localhost:7400"

/**
 * Where the server is and what opens it: `--url` over CAUSEWAY_URL over the profile over http://localhost:7400; CAUSEWAY_TOKEN over the profile's
 * token, which goes to the profile's own server and to no other. CAUSEWAY_… may stand in `.env` of the working directory; the environment wins.
 */
export function readSettings(
  place: Place,
  given: { url?: string | undefined; profile?: string | undefined },
): Settings {
  const env = { ...dotEnv(place.cwd), ...place.env }
  const name = given.profile ?? env.CAUSEWAY_PROFILE ?? "default"
  const profile = readProfiles(place.env)[name]
  if (profile === undefined && given.profile !== undefined)
    throw usageFailure(`there is no profile "${name}"`, `causeway login --profile ${name} --url ${defaultUrl}`)
  const url = originOf(given.url ?? env.CAUSEWAY_URL ?? profile?.url ?? defaultUrl)
  const token = env.CAUSEWAY_TOKEN ?? (profile?.url === url ? profile.token : null)
  const find = (variable: string): string | undefined => env[variable] || undefined
  return {
    url,
    token,
    profile: name,
    find,
    need(variable, what) {
      const value = find(variable)
      if (value !== undefined) return value
      throw usageFailure(`${what} is missing`, `set ${variable}, in the environment or in .env of this folder`)
    },
  }
}

function originOf(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text).origin
  throw usageFailure(`"${text}" is no address of a server`, `give the whole origin: --url ${defaultUrl}`)
}

function dotEnv(cwd: string): Record<string, string | undefined> {
  const text = readIfThere(join(cwd, ".env"))
  if (text === null) return {}
  return Object.fromEntries(Object.entries(parseEnv(text)).filter(([name]) => name.startsWith("CAUSEWAY_")))
}

/** Sets values in `.env` of a folder, for its owner only, and leaves the rest of the file as it is. */
export function writeDotEnv(cwd: string, values: Record<string, string>): string {
  const path = join(cwd, ".env")
  const kept = (readIfThere(path) ?? "")
    .split("\n")
    .filter((line) => line !== "" && !Object.keys(values).some((name) => line.startsWith(`${name}=`)))
  const added = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  writeFileSync(path, `${[...kept, ...added].join("\n")}\n`, { mode: 0o600 })
  return path
}

const profilesPath = (env: Place["env"]): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "causeway", "profiles.json")

export function readProfiles(env: Place["env"]): Record<string, Profile> {
  const path = profilesPath(env)
  const text = readIfThere(path)
  if (text === null) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure(exit.usage, `${path} is not JSON`, `delete ${path} and log in again: causeway login`)
  }
}

/** Keeps a profile for its owner only; null forgets it. */
export function writeProfile(env: Place["env"], name: string, profile: Profile | null): string {
  const path = profilesPath(env)
  const { [name]: _old, ...others } = readProfiles(env)
  const profiles = profile === null ? others : { ...others, [name]: profile }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(path, { force: true }) // the mode counts for new files only
  writeFileSync(path, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 })
  return path
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}
