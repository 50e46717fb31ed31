import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

/** What a browser loads before it can draw the inbox. Bytes are compressed ones. */
export interface FirstScreen {
  jsBytes: number
  cssBytes: number
  /** The page, its scripts, styles and icon, and the three questions that the first screen asks the server. */
  requests: number
  /** Fonts in the whole build: there is to be none. */
  fonts: number
}

const apiRequests = 3

/** Reads the build (inbox/dist). Only what the page itself names counts: lazy chunks come when they are wanted. Throws when nothing is built. */
export function firstScreen(): FirstScreen {
  const dist = join(import.meta.dirname, "../dist")
  const index = join(dist, "index.html")
  if (!existsSync(index)) throw new Error(`${index} is missing. Fix: npm run build`)
  const page = readFileSync(index, "utf8")
  const named = [...page.matchAll(/(?:src|href)="\/app\/([^"]+)"/g)].map((match) => match[1] as string)
  const bytesOf = (ending: string): number =>
    named
      .filter((file) => file.endsWith(ending))
      .reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).byteLength, 0)
  return {
    jsBytes: bytesOf(".js"),
    cssBytes: bytesOf(".css"),
    requests: 1 + named.length + apiRequests,
    fonts: readdirSync(dist, { recursive: true }).filter((file) => /\.(woff2?|ttf|otf)$/.test(String(file))).length,
  }
}
