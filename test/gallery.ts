import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join } from "node:path"
import { contentSecurityPolicy } from "@causeway/server/web"
import type { Page } from "playwright-core"
import { build } from "vite"
import { openBrowser } from "./browser.ts"
import { temporaryDir } from "./database.ts"

/** ms; a busy machine may stand still for a while. */
const timeout = 150_000
const inbox = join(import.meta.dirname, "../inbox")
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wav": "audio/wav",
}

/** One way to look at a state. */
export interface Look {
  colorScheme: "light" | "dark"
  language: "en" | "ar"
  width: 320 | 390 | 1280
}

/** Every pair of scheme, direction and width is among them. */
export const pairwiseLooks: readonly Look[] = [
  { colorScheme: "light", language: "en", width: 1280 },
  { colorScheme: "light", language: "ar", width: 390 },
  { colorScheme: "dark", language: "en", width: 390 },
  { colorScheme: "dark", language: "ar", width: 1280 },
]
export const allLooks: readonly Look[] = (["light", "dark"] as const).flatMap((colorScheme) =>
  (["en", "ar"] as const).flatMap((language) =>
    ([390, 1280] as const).map((width) => ({ colorScheme, language, width })),
  ),
)

/** What the gallery has, as it says of itself. */
export interface StateName {
  name: string
  minWidth?: number
  maxWidth?: number
}

export interface Gallery {
  states: StateName[]
  /** The state, when all of it is there. The page is one of a few that are used again and again. */
  look<Seen>(state: StateName, look: Look, see: (page: Page) => Promise<Seen>): Promise<Seen>
  /** The same in several looks of one language: opened once, then looked at in other sizes and colours as when a window is changed. */
  looks<Seen>(state: StateName, looks: readonly Look[], see: (page: Page, look: Look) => Promise<Seen>): Promise<Seen[]>
  close(): Promise<void>
}

/** As it is built for people: what tests run in would make it a build for developers, which draws everything twice. */
async function buildGallery(outDir: string): Promise<void> {
  const { NODE_ENV: usual } = process.env
  process.env.NODE_ENV = "production"
  try {
    const configFile = join(inbox, "gallery.config.ts")
    await build({ configFile, mode: "production", logLevel: "error", build: { outDir, emptyOutDir: true } })
  } finally {
    if (usual === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = usual
  }
}

/** Builds the gallery, serves it as the inbox is served and opens it in Chromium. */
export async function openGallery(): Promise<Gallery> {
  const outDir = await temporaryDir("gallery")
  await buildGallery(outDir)
  const server = createServer(async ({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://gallery")
    const path = extname(pathname) === "" ? "/__gallery/index.html" : pathname.replace(/^\/app/, "")
    const file = await readFile(join(outDir, path)).catch(() => null)
    const type = types[extname(path)] ?? "application/octet-stream"
    const headers = {
      "content-type": type,
      "content-security-policy": contentSecurityPolicy,
      // Opened a thousand times over: fetched and compiled once.
      "cache-control": type.startsWith("text/html") ? "no-store" : "max-age=3600",
    }
    response.writeHead(file === null ? 404 : 200, headers).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = await openBrowser()
  const idle: Page[] = []

  async function shape(page: Page, { colorScheme, width }: Look): Promise<void> {
    await page.setViewportSize({ width, height: width > 800 ? 800 : 760 })
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  }

  async function open(page: Page, { name }: StateName, { language }: Look): Promise<void> {
    await page.goto(`${origin}/app/__gallery/${name}?lang=${language}`, { timeout })
    await page.locator(`html[data-ready="${name}"]`).waitFor({ state: "attached", timeout })
  }

  async function looks<Seen>(
    state: StateName,
    wanted: readonly Look[],
    see: (page: Page, look: Look) => Promise<Seen>,
  ) {
    const page = idle.pop() ?? (await browser.blank({}))
    const seen: Seen[] = []
    try {
      for (const [at, look] of wanted.entries()) {
        const isAsWide = wanted[at - 1]?.width === look.width
        await shape(page, look)
        if (at === 0 || !(isAsWide || (await page.evaluate("window.galleryStays()")))) await open(page, state, look)
        seen.push(await see(page, look))
      }
      return seen
    } finally {
      idle.push(page)
    }
  }
  const first = await browser.blank({})
  await first.goto(`${origin}/app/__gallery/`)
  await first.locator("html[data-ready]").waitFor({ state: "attached" })
  const states = (await first.evaluate("window.galleryStates")) as StateName[]
  await first.context().close()
  return {
    states,
    look: async (state, wanted, see) => (await looks(state, [wanted], see))[0] as Awaited<ReturnType<typeof see>>,
    looks,
    async close() {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Whether a state is there at all at this width. */
export const isAt = ({ minWidth = 0, maxWidth = Number.POSITIVE_INFINITY }: StateName, { width }: Look): boolean =>
  width >= minWidth && width <= maxWidth

export const labelOf = ({ name }: StateName, { colorScheme, language, width }: Look): string =>
  `${name} ${colorScheme} ${language} ${width}`

/** Does all of it a few at a time, in order; answers what each found wrong. */
export async function problemsOf<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<string[]>,
): Promise<string[]> {
  const found: string[][] = items.map(() => [])
  const work = items.entries()
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const [i, item] of work) found[i] = await check(item)
    }),
  )
  return found.flat()
}
