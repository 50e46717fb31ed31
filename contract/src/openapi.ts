/** The OpenAPI 3.1 document of an endpoint table: the schemas that judge requests are the ones that are published. */
import type { TSchema } from "typebox"
import type { Caller, Endpoint } from "./endpoint.ts"

type Json = Record<string, unknown>

export interface DocumentOptions {
  version: string
  /** Scheme and host. */
  origin: string
  /** JSON Schemas of what we post to others, by name. */
  webhooks: Readonly<Record<string, { summary: string; body: TSchema }>>
}

/** A document for `endpoints`, in their order. A schema with a `title` becomes a component of that name. Throws when two titles clash. */
export function openApiDocument(endpoints: readonly Endpoint[], options: DocumentOptions): Json {
  const components: Json = {}
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, "{$1}")
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, components) }
  }
  const webhooks = Object.fromEntries(
    Object.entries(options.webhooks).map(([name, { summary, body }]) => [
      name,
      {
        post: {
          summary,
          requestBody: jsonBody(publish(body, components)),
          responses: { "200": { description: "taken" } },
        },
      },
    ]),
  )
  return {
    openapi: "3.1.0",
    info: {
      title: "Causeway",
      version: options.version,
      description:
        "Channels, conversations, messages and what surrounds them. Paths under /causeway/ are Causeway's own.",
    },
    servers: [{ url: options.origin }],
    paths,
    webhooks,
    components: {
      schemas: { ...components, Error: errorSchema },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "an API token, an OAuth access token, or a channel's JWT (HS256)",
        },
        session: { type: "apiKey", in: "cookie", name: "causeway.session_token", description: "a signed-in teammate" },
      },
    },
  }
}

/** Every refusal has this form. Source: the vendor's `_error` body. */
const errorSchema = {
  type: "object",
  required: ["_error"],
  properties: {
    _error: {
      type: "object",
      required: ["status", "title", "message"],
      properties: {
        status: { type: "integer" },
        title: { type: "string" },
        message: { type: "string" },
        code: { type: "string" },
        details: { type: "array", items: { type: "string" } },
      },
    },
  },
}

function operationOf(endpoint: Endpoint, components: Json): Json {
  const isOpen = endpoint.callers.includes("anyone")
  return {
    operationId: operationId(endpoint),
    tags: [tagOf(endpoint.path)],
    summary: endpoint.summary,
    parameters: [
      ...parametersOf(endpoint.params, "path", components),
      ...parametersOf(endpoint.query, "query", components),
    ],
    ...(endpoint.body && { requestBody: bodyOf(endpoint, components) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(endpoint.responses).map(([status, schema]) => [
          status,
          {
            description: statusWords[status] ?? "success",
            ...(schema && { content: jsonContent(publish(schema, components)) }),
          },
        ]),
      ),
      ...(endpoint.delicate && {
        "403": {
          description: "refused; with the code prove: the person behind the session has to say again who they are",
          content: jsonContent({ $ref: "#/components/schemas/Error" }),
        },
      }),
      default: { description: "refused", content: jsonContent({ $ref: "#/components/schemas/Error" }) },
    },
    ...(!isOpen && { security: securityOf(endpoint.callers) }),
    "x-callers": endpoint.callers,
    ...(endpoint.scope !== null && { "x-required-scopes": [endpoint.scope] }),
    ...(endpoint.delicate && { "x-delicate": true }),
  }
}

const statusWords: Record<string, string> = {
  "200": "found",
  "201": "made",
  "202": "accepted",
  "204": "done",
  "301": "merged into another: see Location",
  "302": "elsewhere: see Location",
}

const securityOf = (callers: readonly Caller[]): Json[] => [
  ...(callers.some((caller) => caller !== "session") ? [{ bearer: [] }] : []),
  ...(callers.includes("session") ? [{ session: [] }] : []),
]

/** `GET /channels/:channel_id/calls` → `get_channels_channel_id_calls`. */
const operationId = ({ method, path }: Endpoint): string =>
  `${method.toLowerCase()}${path.replace(/[:{}]/g, "").replace(/\W+/g, "_")}`.replace(/_$/, "")

function tagOf(path: string): string {
  const [first, second] = path.split("/").filter(Boolean)
  return (first === "causeway" ? second : first) ?? "root"
}

function parametersOf(schema: TSchema | undefined, where: "path" | "query", components: Json): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    schema: publish(property, components),
  }))
}

function bodyOf(endpoint: Endpoint, components: Json): Json {
  const schema = publish(endpoint.body as TSchema, components)
  return {
    required: true,
    content: {
      "application/json": { schema },
      ...(endpoint.multipart && { "multipart/form-data": { schema } }),
      ...(endpoint.form && { "application/x-www-form-urlencoded": { schema } }),
    },
  }
}

const jsonContent = (schema: unknown): Json => ({ "application/json": { schema } })
const jsonBody = (schema: unknown): Json => ({ required: true, content: jsonContent(schema) })

/** The schema as JSON, with every titled part moved to the components. */
function publish(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map((part) => publish(part, components))
  if (typeof schema !== "object" || schema === null) return schema
  const published = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, publish(part, components)]))
  const name = published.title
  if (typeof name !== "string" || !/^[A-Z]\w*$/.test(name)) return published
  const known = components[name]
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(published))
    throw new Error(`two different schemas are titled ${name}`)
  components[name] = published
  return { $ref: `#/components/schemas/${name}` }
}
