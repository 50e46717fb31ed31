import { join } from "node:path"
import { mergeConfig } from "vite"
import usual from "./vite.config.ts"

/** The gallery of screen states as a build of its own: nothing of it is in the inbox that the server serves. */
export default mergeConfig(usual, {
  build: { rolldownOptions: { input: join(import.meta.dirname, "__gallery/index.html") } },
})
