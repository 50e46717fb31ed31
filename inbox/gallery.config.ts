import { join } from "node:path"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** The gallery of screen states as a build of its own: nothing of it is in the inbox that the server serves, and it has no service worker. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/app/",
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: join(import.meta.dirname, "__gallery/index.html"),
      // As in vite.config.ts: a language must never import the entry.
      output: { codeSplitting: { groups: [{ name: "plural", test: /words[\\/]plural/ }] } },
    },
  },
})
