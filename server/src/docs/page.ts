import { createHash } from "node:crypto"

/** What the page needs of the document; see contract/openapi.ts. */
interface Operation {
  summary: string
  tags: string[]
  "x-callers": string[]
  "x-required-scopes"?: string[]
  parameters: { name: string; in: string; required: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
// biome-ignore lint/suspicious/noExplicitAny: any JSON Schema
type Schema = Record<string, any>
export interface ApiDocument {
  info: { title: string; version: string; description: string }
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, { post: { summary: string; requestBody: { content: Record<string, { schema: Schema }> } } }>
  components: { schemas: Record<string, Schema> }
}

const style = `
:root{color-scheme:light dark;--line:light-dark(#d8dce3,#363c47);--quiet:light-dark(#545c6b,#a3abba);--mark:light-dark(#0b57c4,#8ab8ff);--code:light-dark(#f3f5f8,#1b1f26)}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;background:light-dark(#fff,#12151a);color:light-dark(#171b22,#e8ebf0)}
a{color:var(--mark)}main,header,nav{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}nav ul{columns:14rem;padding-left:1.1rem}
h1{margin:.5rem 0}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0}summary{cursor:pointer;padding:.5rem .75rem;overflow-wrap:anywhere}
details>div{padding:0 .75rem .75rem}code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:var(--code);padding:.75rem;border-radius:6px;overflow:auto}
.method{display:inline-block;min-width:4.2rem;font-weight:600}.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
:focus-visible{outline:2px solid var(--mark);outline-offset:2px}`

/** Nothing runs on the page and nothing is fetched: one style, named by its hash. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`

/** The document as one page that a person reads: no script, searchable with the browser's own search, each operation at an address of its own. */
export function docsPage(document: ApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ""))].sort()
  const sections = tags.map(
    (tag) =>
      `<section id="${tag}"><h2>${safe(tag)}</h2>${operations
        .filter(({ operation }) => operation.tags[0] === tag)
        .map((each) => operationOf(each, document))
        .join("")}</section>`,
  )
  const { title, version, description } = document.info
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${safe(title)} API</title><style>${style}</style></head><body>
<header><h1>${safe(title)} API</h1><p>${safe(description)} Version ${safe(version)}, ${operations.length} operations.
As a document for tools: <a href="/openapi.json">/openapi.json</a>.</p></header>
<nav aria-label="Contents"><ul>${[...tags, "webhooks"].map((tag) => `<li><a href="#${tag}">${safe(tag)}</a></li>`).join("")}</ul></nav>
<main>${sections.join("")}${webhooksOf(document)}</main></body></html>`
}

function operationOf(
  { path, method, operation }: { path: string; method: string; operation: Operation },
  document: ApiDocument,
): string {
  const callers = operation["x-callers"].join(", ")
  const scope = operation["x-required-scopes"]?.[0]
  const rows = operation.parameters.map(
    (parameter) =>
      `<tr><td><code>${safe(parameter.name)}</code></td><td>${parameter.in}${parameter.required ? "" : ", optional"}</td><td>${safe(typeOf(parameter.schema))}</td><td>${safe(parameter.schema.description ?? "")}</td></tr>`,
  )
  const body = Object.entries(operation.requestBody?.content ?? {})
  const answers = Object.entries(operation.responses).map(([status, answer]) => {
    const schema = answer.content?.["application/json"]?.schema
    return `<h4>${status === "default" ? "Refused" : status} <span class="quiet">${safe(answer.description)}</span></h4>${schema ? shape(schema, document) : ""}`
  })
  return `<details id="${method}-${safe(path)}"><summary><code class="method">${method}</code> <code>${safe(path)}</code> <span class="quiet">${safe(operation.summary)}</span></summary><div>
<p class="quiet">Callers: ${safe(callers)}${scope ? ` · scope <code>${safe(scope)}</code>` : ""}</p>
${rows.length > 0 ? `<h4>Parameters</h4><table><tbody>${rows.join("")}</tbody></table>` : ""}
${body[0] ? `<h4>Body <span class="quiet">${safe(body.map(([type]) => type).join(" or "))}</span></h4>${shape(body[0][1].schema, document)}` : ""}
${answers.join("")}</div></details>`
}

function webhooksOf(document: ApiDocument): string {
  const all = Object.entries(document.webhooks).map(([name, { post }]) => {
    const schema = post.requestBody.content["application/json"]?.schema ?? {}
    return `<details id="webhook-${safe(name)}"><summary><code>${safe(name)}</code> <span class="quiet">${safe(post.summary)}</span></summary><div>
<p><a href="/schemas/webhooks/${encodeURIComponent(name)}.json">JSON Schema</a></p>${shape(schema, document)}</div></details>`
  })
  return `<section id="webhooks"><h2>webhooks</h2>${all.join("")}</section>`
}

const shape = (schema: Schema, document: ApiDocument): string => `<pre>${safe(sketch(schema, document, "", 0))}</pre>`

const depthMax = 5

/** A schema as a person would jot it down: one field a line, `?` for what may be missing. */
function sketch(schema: Schema, document: ApiDocument, indent: string, depth: number): string {
  if (schema.$ref) {
    const name = String(schema.$ref).split("/").at(-1) as string
    return depth === 0 || depth > 3 ? named(name, document, indent, depth) : name
  }
  if (schema.anyOf) return schema.anyOf.map((part: Schema) => sketch(part, document, indent, depth + 1)).join(" | ")
  if (schema.type === "array") return `${sketch(schema.items ?? {}, document, indent, depth + 1)}[]`
  if (schema.type === "object" && schema.properties && depth < depthMax) {
    const lines = Object.entries(schema.properties as Record<string, Schema>).map(([name, part]) => {
      const optional = schema.required?.includes(name) ? "" : "?"
      return `${indent}  ${name}${optional}: ${sketch(part, document, `${indent}  `, depth + 1)}${part.description ? `  // ${part.description}` : ""}`
    })
    return `{\n${lines.join("\n")}\n${indent}}`
  }
  return typeOf(schema)
}

function named(name: string, document: ApiDocument, indent: string, depth: number): string {
  const schema = document.components.schemas[name]
  return schema && depth === 0 ? sketch(schema, document, indent, 1) : name
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return String(schema.$ref).split("/").at(-1) as string
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value: unknown) => JSON.stringify(value)).join(" | ")
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ")
  return Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any")
}

const safe = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
