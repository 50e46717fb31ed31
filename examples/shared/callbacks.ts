import { createHmac, timingSafeEqual } from "node:crypto"

/** How the mock providers sign what they post: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, as payment and message providers do. */
export const callbackHeader = "x-provider-signature"

const windowSeconds = 300

export function signCallback(token: string, body: string, atSeconds = Math.floor(Date.now() / 1000)): string {
  return `t=${atSeconds},v1=${createHmac("sha256", token).update(`${atSeconds}.${body}`).digest("hex")}`
}

/** Whether the provider signed these bytes within the last five minutes. */
export function isSignedCallback(token: string, body: Uint8Array, header: string | string[] | undefined): boolean {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec([header ?? ""].flat()[0] ?? "")
  if (found === null || Math.abs(Date.now() / 1000 - Number(found[1])) > windowSeconds) return false
  const want = createHmac("sha256", token).update(`${found[1]}.`).update(body).digest()
  return timingSafeEqual(want, Buffer.from(found[2] as string, "hex"))
}

/** Posts until it is answered 2xx: at least once, and so sometimes twice. Never rejects. */
export async function postCallback(
  url: string,
  token: string,
  event: object,
  { signal, pausesMs = [0, 300, 1000, 3000] }: { signal: AbortSignal; pausesMs?: readonly number[] },
): Promise<void> {
  const body = JSON.stringify(event)
  for (const pauseMs of pausesMs) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (signal.aborted) return
    const headers = { "content-type": "application/json", [callbackHeader]: signCallback(token, body) }
    const answer = await fetch(url, { method: "POST", headers, body, signal }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return
  }
}
