import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** Built into dist/, which the server serves below /app/. `npx vite` in this folder passes API calls on to a server on CAUSEWAY_URL. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/app/",
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The entry waits for a language, so a language must never import the entry: what both need is a chunk of its own.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "plural", test: /words[\\/]plural/ }] } } },
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
