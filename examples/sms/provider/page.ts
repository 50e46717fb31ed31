import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundle, onceAsked } from "../../shared/bundle.ts"
import type { Route } from "../../shared/serve.ts"

const file = (name: string): URL => new URL(`../web/${name}`, import.meta.url)
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const parts = onceAsked(async () => {
  const [page, style, script] = await Promise.all([
    readFile(file("phones.html"), "utf8"),
    readFile(file("phones.css"), "utf8"),
    bundle(fileURLToPath(file("phones.ts"))),
  ])
  return { page, style, script }
})

const headers = (type: string): Record<string, string> => ({
  "content-type": `${type}; charset=utf-8`,
  "content-security-policy": policy,
  "cache-control": "no-cache",
})

/** The phones: a page, its script and its style. */
export const phonePage: readonly Route[] = [
  ["GET", /^\/$/, async () => ({ headers: headers("text/html"), body: (await parts()).page })],
  ["GET", /^\/phones\.css$/, async () => ({ headers: headers("text/css"), body: (await parts()).style })],
  ["GET", /^\/phones\.js$/, async () => ({ headers: headers("text/javascript"), body: (await parts()).script })],
]
