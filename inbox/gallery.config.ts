import { join } from "node:path"
import { defineConfig, type PluginOption } from "vite"
import usual from "./vite.config.ts"

/** What names the parts to the service worker, which the gallery does not have. */
const isOfWorker = (plugin: PluginOption): boolean =>
  typeof plugin === "object" && plugin !== null && "name" in plugin && plugin.name === "names-parts"

/** The gallery of screen states as a build of its own: nothing of it is in the inbox that the server serves. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/app/",
  plugins: (usual.plugins ?? []).filter((plugin) => !isOfWorker(plugin)),
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
