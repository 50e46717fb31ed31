import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"
import { emoji, isEmoji } from "./scripts/emoji.ts"

const worker = "service-worker"

/** Tells the service worker which files the build has, and gives it a version that changes with any of them. */
const namesParts = (): Plugin => ({
  name: "names-parts",
  // After everything else, because the page's own entry goes when it has nothing left in it.
  writeBundle({ dir = "" }, bundle) {
    const files = Object.entries(bundle)
      .filter(([file]) => /^assets\/.*\.(js|css)$/.test(file) && existsSync(join(dir, file)))
      // Whoever picks emoji has the server; nobody needs those of all languages beforehand.
      .filter(([, part]) => !(part.type === "chunk" && part.moduleIds.some(isEmoji)))
      .map(([file]) => file)
    const parts = [...files.sort(), "icon.svg"].map((file) => `/app/${file}`)
    const version = createHash("sha256").update(parts.join()).digest("hex").slice(0, 16)
    const path = join(dir, `${worker}.js`)
    // Within a string, so that the list has to be one too.
    const list = JSON.stringify(parts).replaceAll('"', '\\"')
    writeFileSync(path, readFileSync(path, "utf8").replace("__PARTS__", list).replace("__VERSION__", version))
  },
})

/** Built into dist/, which the server serves below /app/. `npx vite` in this folder passes API calls on to a server on CAUSEWAY_URL. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/app/",
  plugins: [react(), emoji(), namesParts()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first screen may weigh is held compressed, by goal G1.
    chunkSizeWarningLimit: 700,
    // The entry waits for a language, so a language must never import the entry: what both need is a chunk of its own.
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, "index.html"),
        [worker]: join(import.meta.dirname, "src/service-worker.ts"),
      },
      output: {
        // A worker is known by its address: it changes in place.
        entryFileNames: ({ name }) => (name === worker ? `${worker}.js` : "assets/[name]-[hash].js"),
        codeSplitting: {
          groups: [
            { name: "plural", test: /words[\\/]plural/ },
            // Everything that the first screen needs, in one file however it is shared with lazy parts.
            { name: "first", tags: ["$initial"], test: (id) => !id.endsWith(`${worker}.ts`) },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/causeway", "/conversations", "/messages"].map((path) => [
        path,
        process.env.CAUSEWAY_URL ?? "http://localhost:7400",
      ]),
    ),
  },
})
