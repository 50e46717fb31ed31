import { join } from "node:path"
import { defineConfig, type Plugin, type PluginOption, type Rolldown } from "vite"
import usual from "./vite.config.ts"

const page = join(import.meta.dirname, "src/gallery/main.ts")
const inbox = join(import.meta.dirname, "src/main.tsx")

/** What names the parts to the service worker, which the gallery does not have. */
const isOfWorker = (plugin: PluginOption): boolean =>
  typeof plugin === "object" && plugin !== null && "name" in plugin && plugin.name === "names-parts"

/** A module and all that it imports, but for what is loaded later. */
function reachedFrom(entry: string, context: Rolldown.ChunkingContext): Set<string> {
  const reached = new Set([entry])
  for (const id of reached) for (const imported of context.getModuleInfo(id)?.importedIds ?? []) reached.add(imported)
  return reached
}

/** One file for what the inbox itself has in one, since a state is opened a thousand times; not for what runs before there are answers. */
function firstScreen() {
  let first: Set<string> | null = null
  return (id: string, context: Rolldown.ChunkingContext): string | null => {
    if (first === null) {
      const before = reachedFrom(page, context)
      first = new Set([...reachedFrom(inbox, context)].filter((reached) => !before.has(reached)))
    }
    return first.has(id) ? "first" : null
  }
}

/** Tells the page of every part that is loaded later: a state is complete when none is on its way. */
const tellsOfParts = (): Plugin => ({
  name: "tells-of-parts",
  enforce: "post",
  transform(code, id) {
    if (!id.startsWith(join(import.meta.dirname, "src")) || id === page) return null
    return code.replace(/\bimport\("[^"]+"\)/g, "(globalThis.galleryWaits ?? ((part) => part))($&)")
  },
})

/** 18 seconds of silence as 8-bit WAV, for the players: sound is not asked for by `fetch`, so that the fixed answers cannot give it. */
const recording = (): Plugin => {
  const path = "recording.wav"
  const rate = 3000
  const sound = Buffer.alloc(44 + 18 * rate, 128)
  sound.write("RIFF", 0, "latin1")
  sound.writeUInt32LE(sound.length - 8, 4)
  sound.write("WAVEfmt ", 8, "latin1")
  // The format's length, PCM in one channel, samples and bytes per second, bytes and bits of a sample.
  for (const [value, at] of [16, 0x1_0001, rate, rate, 0x8_0001].map((value, i) => [value, 16 + 4 * i] as const))
    sound.writeUInt32LE(value, at)
  sound.write("data", 36, "latin1")
  sound.writeUInt32LE(sound.length - 44, 40)
  return {
    name: "recording",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: path, source: sound })
    },
    configureServer({ middlewares }) {
      middlewares.use(`/app/${path}`, (_request, response) =>
        response.setHeader("content-type", "audio/wav").end(sound),
      )
    },
  }
}

/** The gallery of screen states as a build of its own: nothing of it is in the inbox that the server serves. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/app/",
  plugins: [...(usual.plugins ?? []).filter((plugin) => !isOfWorker(plugin)), tellsOfParts(), recording()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: join(import.meta.dirname, "__gallery/index.html"),
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          // As in vite.config.ts: a language must never import the entry.
          groups: [{ name: "plural", test: /words[\\/]plural/ }, { name: firstScreen() }],
        },
      },
    },
  },
})
