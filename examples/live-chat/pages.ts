import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundle, gzipBytes, onceAsked } from "../shared/bundle.ts"
import type { Answer, Route } from "../shared/serve.ts"

const file = (name: string): URL => new URL(`web/${name}`, import.meta.url)

/** The widget's parts as they go out. */
export async function widget() {
  const [loader, panel, html, css] = await Promise.all([
    bundle(fileURLToPath(file("loader.ts")), "iife"),
    bundle(fileURLToPath(file("panel/main.ts"))),
    readFile(file("panel.html"), "utf8"),
    readFile(file("panel.css"), "utf8"),
  ])
  return { loader, panel, html, css }
}

/** Compressed bytes of what a website loads at once, and of what it loads when somebody opens the chat. */
export async function sizes(): Promise<{ loader: number; panel: number }> {
  const { loader, panel, html, css } = await widget()
  return { loader: gzipBytes(loader), panel: gzipBytes(panel, html, css) }
}

const parts = onceAsked(async () => {
  const [made, shop, shopCss] = await Promise.all([
    widget(),
    readFile(file("shop.html"), "utf8"),
    readFile(file("shop.css"), "utf8"),
  ])
  return { ...made, shop, shopCss }
})
type Part = keyof Awaited<ReturnType<typeof parts>>

/** The loader, the panel, and a website to try them on. */
export function webPages(sites: readonly string[] | null): Route[] {
  const as =
    (type: string, part: Part, headers: Record<string, string> = {}) =>
    async (): Promise<Answer> => ({
      headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache", ...headers },
      body: (await parts())[part],
    })
  const anybody = { "cross-origin-resource-policy": "cross-origin", "cache-control": "max-age=300" }
  const panelPolicy = { "content-security-policy": panelCsp(sites), "referrer-policy": "no-referrer" }
  return [
    ["GET", /^\/loader\.js$/, as("text/javascript", "loader", anybody)],
    ["GET", /^\/panel$/, as("text/html", "html", panelPolicy)],
    ["GET", /^\/panel\.js$/, as("text/javascript", "panel")],
    ["GET", /^\/panel\.css$/, as("text/css", "css")],
    ["GET", /^\/(?:shop\/\w+)?$/, as("text/html", "shop", { "content-security-policy": shopCsp })],
    ["GET", /^\/shop\.css$/, as("text/css", "shopCss")],
  ]
}

const panelCsp = (sites: readonly string[] | null): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors ${sites === null ? "*" : ["'self'", ...sites].join(" ")}`

/** As strict as a website can be: the chat needs its origin for scripts and frames, and nothing else. */
const shopCsp =
  "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
