import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { describe } from "vitest"
import { ana } from "./story.ts"

/** Debian's; the package brings no browser of its own. */
const executablePath = "/usr/bin/chromium"

const isMissing = process.env.CAUSEWAY_NO_BROWSER === "1"
if (isMissing) process.stderr.write("SKIPPED: browser stories, because no Chromium can be had here.\n")

/** Stories that need Chromium: skipped, with a loud line, where `npm test` found none and could install none. */
export const describeInBrowser = describe.skipIf(isMissing)

/** One look of the screens: a size in pixels and a colour scheme. */
export interface Look {
  width?: number
  height?: number
  colorScheme?: "light" | "dark"
  hasTouch?: boolean
}

export interface TestBrowser {
  /** A page of a browser that nobody else shares cookies with. */
  page(url: string, look?: Look): Promise<Page>
  /** The same, signed in as the person who set the company up, or as another who has the same password. */
  signedIn(url: string, look?: Look, email?: string): Promise<Page>
  /** A page that has not been anywhere yet. */
  blank(look: Look): Promise<Page>
  close(): Promise<void>
}

export async function openBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  })
  const open = async (look: Look): Promise<Page> => {
    const context: BrowserContext = await browser.newContext({
      viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
      colorScheme: look.colorScheme ?? "light",
      hasTouch: look.hasTouch ?? false,
      reducedMotion: "reduce",
    })
    context.setDefaultTimeout(30_000)
    return context.newPage()
  }
  return {
    async page(url, look = {}) {
      const page = await open(look)
      await page.goto(`${url}/app/`)
      return page
    },
    async signedIn(url, look = {}, email = ana.email) {
      const page = await open(look)
      const headers = { origin: url }
      const answer = await page.request.post(`${url}/causeway/auth/sign-in/email`, {
        headers,
        data: { email, password: ana.password },
      })
      if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`)
      await page.goto(`${url}/app/`)
      return page
    },
    blank: open,
    close: () => browser.close(),
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/** The rules that look at colours. */
const colourRules = ["color-contrast", "link-in-text-block"]

/**
 * What axe finds wrong with the page, one line each: rule, element, problem. `rules`: those that are on or off other than usual. `again`: the page was
 * looked at before, and only its colours are others now.
 */
export async function axe(
  page: Page,
  rules: Readonly<Record<string, boolean>> = {},
  { again = false } = {},
): Promise<string[]> {
  // The page's own policy allows no foreign script, and a test must not weaken it: evaluated in the page's world, not inserted into it.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axeSource)
  const enabled = Object.entries(rules).map(([rule, isOn]) => [rule, { enabled: isOn }])
  const options = {
    resultTypes: ["violations"],
    ...(again ? { runOnly: colourRules } : { rules: Object.fromEntries(enabled) }),
  }
  return page.evaluate(async (options) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe has just defined itself there
    const { violations } = await (globalThis as any).axe.run(options)
    // biome-ignore lint/suspicious/noExplicitAny: axe's result, read inside the page
    return violations.flatMap((violation: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: as above
      violation.nodes.map((node: any) => `${violation.id}: ${node.html.slice(0, 120)} (${violation.help})`),
    )
  }, options)
}
