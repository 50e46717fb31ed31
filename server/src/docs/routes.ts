import { documentPage, openApi, webhookSchema } from "@causeway/contract/endpoints/docs"
import { openApiDocument } from "@causeway/contract/openapi"
import { webhooks } from "@causeway/contract/webhooks"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { version } from "../version.ts"
import { type ApiDocument, contentSecurityPolicy, docsPage } from "./page.ts"

/** The server's description of itself, made from the route table it runs with. */
export function docsRoutes(routes: () => readonly Route[]): Route[] {
  const documentFor = (origin: string) =>
    openApiDocument(
      routes().map(({ endpoint }) => endpoint),
      { version, origin, webhooks },
    )
  return [
    route(openApi, async ({ origin }) => ({ status: 200, body: documentFor(origin) })),
    route(documentPage, async ({ origin }) => ({
      status: 200,
      text: docsPage(documentFor(origin) as unknown as ApiDocument),
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
