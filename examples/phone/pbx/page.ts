import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundle } from "../../shared/bundle.ts"
import type { Route } from "../../shared/serve.ts"

const file = (name: string): URL => new URL(`../web/${name}`, import.meta.url)
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The telephone line: a page, its script and its style. */
export async function linePage(): Promise<Route[]> {
  const [html, css, script] = await Promise.all([
    readFile(file("line.html"), "utf8"),
    readFile(file("line.css"), "utf8"),
    bundle(fileURLToPath(file("line.ts"))),
  ])
  const as = (type: string, body: string) => () => ({
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": policy,
      "cache-control": "no-cache",
    },
    body,
  })
  return [
    ["GET", /^\/$/, as("text/html", html)],
    ["GET", /^\/line\.css$/, as("text/css", css)],
    ["GET", /^\/line\.js$/, as("text/javascript", script)],
  ]
}
