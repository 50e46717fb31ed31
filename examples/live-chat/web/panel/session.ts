/** Who this visitor is, on this device and for this website, and the calls made in their name. */
export interface FileInfo {
  id: string
  name: string
  type: string
  size: number
  path?: string
}

export interface Message {
  seq: number
  id: string
  is_mine: boolean
  text: string
  author: string | null
  files: FileInfo[]
  state: "kept" | "told" | "refused"
  at: number
}

/** The server said no. */
export class ServerError extends Error {
  readonly status: number
  /** Seconds. */
  readonly retryAfter: number

  constructor(status: number, retryAfter: number) {
    super(`answered ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

const kept = new Map<string, string>()

/** Browsers may forbid storage in a frame: then everything lasts as long as the page. */
export const storage = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key)
    } catch {
      return kept.get(key) ?? null
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      if (value === null) kept.delete(key)
      else kept.set(key, value)
    }
  },
}

const tokenKey = "chat:token"
export const token = (): string | null => storage.get(tokenKey)
export const forget = (): void => storage.set(tokenKey, null)

/** Rejects with `ServerError`, or with what kept an answer from coming. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const mine = token()
  const headers = { ...(mine && { authorization: `Bearer ${mine}` }), ...(init.headers as Record<string, string>) }
  const answer = await fetch(path, { ...init, headers, cache: "no-store" })
  if (answer.ok) return answer
  throw new ServerError(answer.status, Number(answer.headers.get("retry-after")) || 0)
}

export const post = (path: string, body: object): Promise<Response> =>
  call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

/** Makes this browser a visitor, if it is none yet. Nothing is kept of anybody who never writes. */
export async function become(identity?: string): Promise<void> {
  if (identity === undefined && token() !== null) return
  const made = (await (await post("/api/visitors", identity === undefined ? {} : { identity })).json()) as {
    token: string
  }
  storage.set(tokenKey, made.token)
}

/** 128 random bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
