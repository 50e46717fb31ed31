import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundle } from "../../shared/bundle.ts"
import type { Route } from "../../shared/serve.ts"

const file = (name: string): URL => new URL(`../web/${name}`, import.meta.url)
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The phones: a page, its script and its style. */
export async function phonePage(): Promise<Route[]> {
  const [html, css, script] = await Promise.all([
    readFile(file("phones.html"), "utf8"),
    readFile(file("phones.css"), "utf8"),
    bundle(fileURLToPath(file("phones.ts"))),
  ])
  const as = (type: string, body: string) => ({
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": policy,
      "cache-control": "no-cache",
    },
    body,
  })
  return [
    ["GET", /^\/$/, () => as("text/html", html)],
    ["GET", /^\/phones\.css$/, () => as("text/css", css)],
    ["GET", /^\/phones\.js$/, () => as("text/javascript", script)],
  ]
}
