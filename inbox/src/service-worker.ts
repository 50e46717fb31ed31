/**
 * Keeps the page and the scripts of a build, so that the inbox opens without a network. The page itself is asked of the server first, so that a newer
 * build is there with the next load; what has a hash in its name never changes and comes from here. What the API answers is not its business.
 *
 * The build replaces the list and the version below (vite.config.ts).
 */
interface WorkerEvent extends Event {
  readonly request: Request
  waitUntil(work: Promise<unknown>): void
  respondWith(response: Promise<Response>): void
}

interface WorkerScope {
  addEventListener(type: "install" | "activate" | "fetch", listener: (event: WorkerEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: Location
}

const worker = globalThis as unknown as WorkerScope

/** Paths of the build. */
const parts = JSON.parse("__PARTS__") as string[]
const version = "__VERSION__"
const page = "/app/"
const prefix = "causeway-build-"
/** Builds that are kept: this one, and the one that open pages may still be of. */
const buildsMax = 2

worker.addEventListener("install", (event) => {
  event.waitUntil(keepBuild().then(() => worker.skipWaiting()))
})

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldBuilds().then(() => worker.clients.claim()))
})

worker.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== worker.location.origin || !pathname.startsWith(page)) return
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(page, request)))
  else if (parts.includes(pathname) || pathname.startsWith("/app/assets/")) event.respondWith(kept(pathname, request))
})

async function keepBuild(): Promise<void> {
  const cache = await caches.open(prefix + version)
  await cache.addAll([page, ...parts])
}

async function dropOldBuilds(): Promise<void> {
  // In the order in which they were made.
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== prefix + version)
  const old = builds.slice(0, Math.max(0, builds.length - (buildsMax - 1)))
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** From this build, else from one before it, else from the server. */
async function kept(path: string, request: Request): Promise<Response> {
  const own = await caches.open(prefix + version).then((cache) => cache.match(path))
  return own ?? (await caches.match(path)) ?? fetch(request)
}
