import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import type { Link } from "../shared/link.ts"
import { Refusal, type Route } from "../shared/serve.ts"
import { isSealed, seal } from "../shared/signed.ts"

/** Where the provider fetches an attachment: it has no token of the platform, so the address itself is signed. */
export function mediaLink(origin: string, key: string, url: string, filename: string): string {
  const named = Buffer.from(JSON.stringify([url, filename])).toString("base64url")
  return `${origin}/media/${named}/${seal(key, "media", named)}`
}

/** Passes an attachment on from the platform, without keeping it. */
export function mediaRoute(link: Link, key: string): Route {
  return [
    "GET",
    /^\/media\/([\w-]{1,8000})\/([\w-]{43})$/,
    async ({ response, params: [named = "", mac = ""] }) => {
      if (!isSealed(key, "media", named, mac)) throw new Refusal(404, "there is nothing here")
      const [url, filename] = JSON.parse(Buffer.from(named, "base64url").toString()) as [string, string]
      const answer = await link.download(url)
      response.writeHead(200, {
        "content-type": answer.headers.get("content-type") ?? "application/octet-stream",
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
        "x-content-type-options": "nosniff",
      })
      if (answer.body === null) return void response.end()
      Readable.fromWeb(answer.body as ReadableStream)
        .on("error", () => response.destroy())
        .pipe(response)
      return undefined
    },
  ]
}
