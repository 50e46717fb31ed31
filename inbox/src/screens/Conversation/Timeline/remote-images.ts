import { createValue } from "../../../value.ts"

/** Whose images may be loaded on this device: a sender's mail domain, or the host that the images are on. */
const storageKey = "causeway.images"
const hostsMax = 1_000

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]")
    return Array.isArray(kept) ? kept.filter((host) => typeof host === "string") : []
  } catch {
    return [] // written by something else under our name
  }
}

export const allowedHosts = createValue<readonly string[]>(typeof window === "undefined" ? [] : read())

export function allowImagesFrom(host: string): void {
  const hosts = [...new Set([...read(), host])].slice(-hostsMax)
  localStorage.setItem(storageKey, JSON.stringify(hosts))
  allowedHosts.set(hosts)
}

const source = /<img\b[^>]*?\bsrc="(https?:[^"]+)"/gi

/** Whom a body's remote images would tell that it is read, null when it has none: the sender's mail domain, else the host of the first image. */
export function imagesFrom(body: string, handle: string): string | null {
  const hosts = [...body.matchAll(source)].flatMap(([, src]) => URL.parse(src ?? "")?.hostname ?? [])
  if (hosts.length === 0) return null
  return /^[^@\s]+@([^@\s]+\.[^@\s]+)$/.exec(handle)?.[1]?.toLowerCase() ?? (hosts[0] as string)
}
