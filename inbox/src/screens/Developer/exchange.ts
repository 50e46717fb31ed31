import type { AttemptView, DeliveryView } from "@causeway/contract/endpoints/deliveries"
import type { ApiCallView } from "@causeway/contract/endpoints/log"

/** Both kinds of entry, as one exchange is shown. */
export interface Shown {
  id: string
  method: string
  url: string
  requestHeaders: Record<string, string>
  requestBody: string | null
  status: number | null
  responseHeaders: Record<string, string>
  responseBody: string | null
  timing: Record<string, number>
  outcome: string | null
}

const headersOf = (headers: unknown): Record<string, string> => (headers ?? {}) as Record<string, string>

export const shownAttempt = (delivery: DeliveryView, attempt: AttemptView | undefined): Shown => ({
  id: delivery.id,
  method: attempt?.request.method ?? "POST",
  url: attempt?.request.url ?? "",
  requestHeaders: headersOf(attempt?.request.headers),
  requestBody: attempt?.request.body ?? null,
  status: attempt?.response?.status ?? null,
  responseHeaders: headersOf(attempt?.response?.headers),
  responseBody: attempt?.response?.body ?? null,
  timing: (attempt?.timing ?? {}) as Record<string, number>,
  outcome: attempt?.outcome ?? null,
})

export const shownCall = (call: ApiCallView): Shown => ({
  id: call.id,
  method: call.method,
  url: `${window.location.origin}${call.url}`,
  requestHeaders: headersOf(call.request_headers),
  requestBody: call.request_body,
  status: call.status,
  responseHeaders: {},
  responseBody: call.response_body,
  timing: { total: call.took_ms },
  outcome: null,
})

/** Indented where it is JSON. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** The request as a shell command; what is masked comes from the environment. */
export function curlOf({ method, url, requestHeaders, requestBody }: Shown): string {
  const headers = Object.entries(requestHeaders).filter(
    ([name]) => name !== "content-length" && name !== "authorization",
  )
  const needsToken = "authorization" in requestHeaders
  return [
    `curl -X ${method} ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(needsToken ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...(requestBody === null ? [] : [`--data-binary ${quoted(requestBody)}`]),
  ].join(" \\\n  ")
}

export interface DiffLine {
  side: "both" | "before" | "after"
  text: string
}

/** Line by line, by the longest common part; of long texts the first 600 lines. */
export function diffOf(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n").slice(0, 600), after.split("\n").slice(0, 600)]
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const [row, below] = [lengths[i] as Uint16Array, lengths[i + 1] as Uint16Array]
      row[j] = a[i] === b[j] ? (below[j + 1] as number) + 1 : Math.max(below[j] as number, row[j + 1] as number)
    }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ side: "both", text: a[i] as string })
      i++
      j++
    } else if (j >= b.length || (i < a.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)))
      lines.push({ side: "before", text: a[i++] as string })
    else lines.push({ side: "after", text: b[j++] as string })
  }
  return lines
}

/** An exchange as text, so that two can be compared. */
export const textOf = (shown: Shown): string =>
  [
    `${shown.method} ${shown.url}`,
    ...Object.entries(shown.requestHeaders).map(([name, value]) => `${name}: ${value}`),
    "",
    pretty(shown.requestBody ?? ""),
    "",
    shown.status === null ? (shown.outcome ?? "–") : String(shown.status),
    pretty(shown.responseBody ?? ""),
  ].join("\n")
