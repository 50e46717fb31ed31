import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser } from "./browser.ts"
import { allLooks, type Gallery, isAt, type Look, labelOf, openGallery, pairwiseLooks, problemsOf } from "./gallery.ts"

const isFull = process.env.CAUSEWAY_FULL !== undefined
/** Of all states and looks, each state once in a while: the whole is for the full size. */
const everyNth = 10

test("the gallery is in no file of the inbox that the server serves", () => {
  const dist = join(import.meta.dirname, "../inbox/dist")
  const files = existsSync(dist) ? (readdirSync(dist, { recursive: true }) as string[]) : []
  const telling = files.filter(
    (file) =>
      /__gallery/.test(file) ||
      (/\.js$/.test(file) && readFileSync(join(dist, file), "utf8").includes("galleryStates")),
  )
  expect(telling).toEqual([])
})

describeInBrowser("the gallery of screen states", () => {
  let gallery: Gallery
  beforeAll(async () => {
    gallery = await openGallery()
  }, 60_000)
  afterAll(() => gallery?.close())

  test("it has sixty states and more, each under a name of its own", () => {
    expect(gallery.states.length).toBeGreaterThanOrEqual(60)
    expect(new Set(gallery.states.map(({ name }) => name)).size).toBe(gallery.states.length)
  })

  test(
    "axe finds nothing in it, in light and dark, from left and from right, wide and narrow; targets are large enough",
    {
      timeout: isFull ? 3_600_000 : 120_000,
    },
    async () => {
      const looks = isFull ? allLooks : pairwiseLooks
      const all = gallery.states.flatMap((state) =>
        looks.filter((look) => isAt(state, look)).map((look) => ({ state, look })),
      )
      // A step that four does not divide: over the states every look has its turn.
      const chosen = isFull ? all : all.filter((_, i) => i % (everyNth * pairwiseLooks.length + 1) === 0)
      const problems = await problemsOf(chosen, async ({ state, look }) => {
        const found = await gallery.look(state, look, (page) => axe(page, { "target-size": true }))
        return found.map((problem) => `${labelOf(state, look)}: ${problem}`)
      })
      expect(problems).toEqual([])
    },
  )

  /** `npm run screenshots`: out of the gallery, so that everybody who makes them makes the same. */
  test.runIf(process.env.CAUSEWAY_SCREENSHOTS !== undefined)(
    "the pictures of the README are made again",
    async () => {
      const pictures: readonly [file: string, name: string, look: Look][] = [
        ["inbox.png", "contact-same-person", { colorScheme: "light", language: "en", width: 1280 }],
        ["inbox-dark.png", "timeline-note", { colorScheme: "dark", language: "en", width: 1280 }],
        ["inbox-arabic.png", "header-snooze", { colorScheme: "light", language: "ar", width: 1280 }],
        ["phone.png", "message-failed-with-reason", { colorScheme: "light", language: "en", width: 390 }],
      ]
      const folder = join(import.meta.dirname, "../docs/images")
      for (const [file, name, look] of pictures)
        await gallery.look({ name }, look, (page) => page.screenshot({ path: join(folder, file) }))
    },
    120_000,
  )

  test("at 320 pixels nothing has to be scrolled sideways", { timeout: isFull ? 600_000 : 60_000 }, async () => {
    const look = { colorScheme: "light", language: "en", width: 320 } as const
    const chosen = gallery.states.filter((state, i) => isAt(state, look) && (isFull || i % 28 === 3))
    const problems = await problemsOf(chosen, async (state) => {
      const width = await gallery.look(state, look, (page) => page.evaluate("document.scrollingElement.scrollWidth"))
      return Number(width) > 320 ? [`${state.name} is ${width} px wide`] : []
    })
    expect(problems).toEqual([])
  })
})
