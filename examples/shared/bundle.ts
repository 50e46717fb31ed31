import { gzipSync } from "node:zlib"

/** A page's TypeScript and all that it imports as one minified script. Takes about a tenth of a second. */
export async function bundle(input: string, format: "iife" | "esm" = "esm"): Promise<string> {
  // Loaded when the first page is asked for: a service that starts is in a hurry.
  const { rolldown } = await import("rolldown")
  const bundled = await rolldown({ input, platform: "browser", logLevel: "silent" })
  try {
    const { output } = await bundled.generate({ format, minify: true, codeSplitting: false })
    return output[0].code
  } finally {
    await bundled.close()
  }
}

/** What it weighs on the way. */
export const gzipBytes = (...parts: string[]): number =>
  parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0)

/** Makes a thing when it is first asked for, and once; again only where that failed. */
export function onceAsked<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}
