import { ownScript } from "../trusted.ts"
import { createValue } from "../value.ts"

/** Whether a newer build than this page's stands ready. */
export const hasNewVersion = createValue(false)

let registration: ServiceWorkerRegistration | null = null

/** Lets the service worker keep the pages and scripts of this build. Only in a build, and where the browser allows it (https, or this machine). */
export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return
  // The first worker of all takes over a page of its own build; every later one brings another.
  const hadWorker = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener("controllerchange", () => hasNewVersion.set(hadWorker))
  registration = await navigator.serviceWorker
    .register(ownScript("/app/service-worker.js"), { scope: "/app/" })
    .catch(() => null)
}

/** Asks the server whether there is a newer build: after it was away, it may have come back as another. */
export function lookForNewVersion(): void {
  void registration?.update().catch(() => {})
}

const reloadedKey = "causeway.reloaded-for"

/** A part of this build that the server no longer has: the page is loaded again, once for each part. */
export function reloadWhenPartsAreGone(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const part = String(event.payload)
    if (sessionStorage.getItem(reloadedKey) === part) return
    sessionStorage.setItem(reloadedKey, part)
    event.preventDefault()
    window.location.reload()
  })
}
