/** The API's description of itself. Ours. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { anyObject } from "../shapes.ts"

const open = { callers: ["anyone"], scope: null } as const

export const openApi = endpoint({
  ...open,
  method: "GET",
  path: "/openapi.json",
  summary: "This API as an OpenAPI 3.1 document.",
  responses: { 200: anyObject },
})

export const documentPage = endpoint({
  ...open,
  method: "GET",
  path: "/docs",
  summary: "The same document for people.",
  responses: { 200: null },
})

export const webhookSchema = endpoint({
  ...open,
  method: "GET",
  path: "/schemas/webhooks/:name",
  summary: "The JSON Schema of one webhook's body, such as message.json.",
  params: Type.Object({ name: Type.String({ maxLength: 100 }) }),
  responses: { 200: anyObject },
})
