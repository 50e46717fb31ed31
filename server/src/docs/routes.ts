import { gzipSync } from "node:zlib"
import { documentPage, openApi, webhookSchema } from "@causeway/contract/endpoints/docs"
import { openApiDocument } from "@causeway/contract/openapi"
import { webhooks } from "@causeway/contract/webhooks"
import { HttpError } from "../http/errors.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { version } from "../version.ts"
import { type ApiDocument, contentSecurityPolicy, docsPage } from "./page.ts"

/** Whoever asks decides under which origin a document is made: more than these are not kept. */
const keptMax = 8

/** A document as bytes that all who ask share: who reads it slowly takes no memory of ours. */
interface Kept {
  plain: Buffer
  /** A tenth of it; made when somebody takes it first. */
  gzipped?: Buffer
}

/**
 * What `make` made of an origin, for as long as it is asked for, sent compressed to those who take that. Documents never change while the process runs, cost
 * tens of ms, and anybody may ask.
 */
function keptByOrigin(make: (origin: string) => string) {
  const documents = new Map<string, Kept>()
  return ({ origin, request }: Pick<Call<unknown>, "origin" | "request">): Pick<Answer, "bytes" | "headers"> => {
    const kept = documents.get(origin) ?? { plain: Buffer.from(make(origin)) }
    documents.delete(origin)
    documents.set(origin, kept)
    if (documents.size > keptMax) documents.delete(documents.keys().next().value as string)
    const vary = { vary: "accept-encoding" }
    if (!takesGzip(request.headers["accept-encoding"])) return { bytes: kept.plain, headers: vary }
    kept.gzipped ??= gzipSync(kept.plain)
    return { bytes: kept.gzipped, headers: { ...vary, "content-encoding": "gzip" } }
  }
}

/** RFC 9110 12.5.3: named, and not with the weight 0. Whoever says `*` gets it plain. */
const takesGzip = (accepted: string | string[] | undefined): boolean =>
  /(^|,)\s*gzip\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(String(accepted ?? ""))

/** The server's description of itself, made from the route table it runs with. */
export function docsRoutes(routes: () => readonly Route[]): Route[] {
  const documentFor = (origin: string) =>
    openApiDocument(
      routes().map(({ endpoint }) => endpoint),
      { version, origin, webhooks },
    )
  const json = keptByOrigin((origin) => JSON.stringify(documentFor(origin)))
  const page = keptByOrigin((origin) => docsPage(documentFor(origin) as unknown as ApiDocument))
  return [
    route(openApi, async (call) => {
      const { bytes, headers } = json(call)
      return { status: 200, bytes, headers: { ...headers, "content-type": "application/json; charset=utf-8" } }
    }),
    route(documentPage, async (call) => {
      const { bytes, headers } = page(call)
      const own = { "content-type": "text/html; charset=utf-8", "content-security-policy": contentSecurityPolicy }
      return { status: 200, bytes, headers: { ...headers, ...own } }
    }),
    route(webhookSchema, async ({ params, origin }) => {
      const name = params.name.replace(/\.json$/, "")
      if (!Object.hasOwn(webhooks, name))
        throw new HttpError(404, `No webhook ${name}: one of ${Object.keys(webhooks).join(", ")}`)
      const { body, summary } = webhooks[name as keyof typeof webhooks]
      return {
        status: 200,
        body: {
          $schema: "https://json-schema.org/draft/2020-12/schema",
          $id: `${origin}/schemas/webhooks/${name}.json`,
          description: summary,
          ...body,
        },
        headers: { "content-type": "application/schema+json; charset=utf-8" },
      }
    }),
  ]
}
