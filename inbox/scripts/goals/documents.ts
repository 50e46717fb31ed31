import { join } from "node:path"
import { build } from "vite"
import { openBrowser } from "../../../test/browser.ts"

/** Checks so many random documents of the Advanced composer in Chromium, where it runs. */
export async function checkInBrowser(count: number, seed: number): Promise<{ problems: string[]; mountMs: number }> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, "../../src/editor/documents.page.ts"),
        formats: ["iife"],
        name: "documents",
      },
    },
  })
  const [bundle] = Array.isArray(built) ? built : [built]
  const code = bundle !== undefined && "output" in bundle ? bundle.output[0].code : ""
  const browser = await openBrowser()
  try {
    const page = await browser.page("data:text/html,<title>documents</title>")
    return await page.evaluate(`${code}\ndocuments.checkDocuments(${count}, ${seed})`)
  } finally {
    await browser.close()
  }
}
