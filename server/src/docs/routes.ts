import { documentPage, openApi, webhookSchema } from "@causeway/contract/endpoints/docs"
import { openApiDocument } from "@causeway/contract/openapi"
import { webhooks } from "@causeway/contract/webhooks"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { version } from "../version.ts"
import { type ApiDocument, contentSecurityPolicy, docsPage } from "./page.ts"

/** Whoever asks decides under which origin a document is made: more than these are not kept. */
const keptMax = 8

/** What `make` made of an origin, for as long as it is asked for. Documents never change while the process runs, cost tens of ms, and anybody may ask. */
function keptByOrigin(make: (origin: string) => string): (origin: string) => string {
  const kept = new Map<string, string>()
  return (origin) => {
    const text = kept.get(origin) ?? make(origin)
    kept.delete(origin)
    kept.set(origin, text)
    if (kept.size > keptMax) kept.delete(kept.keys().next().value as string)
    return text
  }
}

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
    route(openApi, async ({ origin }) => ({
      status: 200,
      text: json(origin),
      headers: { "content-type": "application/json; charset=utf-8" },
    })),
    route(documentPage, async ({ origin }) => ({
      status: 200,
      text: page(origin),
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": contentSecurityPolicy },
    })),
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
