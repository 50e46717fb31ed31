/** What a conversation is connected to elsewhere. Source: Core API LinkResponse. */
import Type, { type Static } from "typebox"
import { anyObject } from "../shapes.ts"

export const Link = Type.Object(
  {
    _links: Type.Object({ self: Type.String() }),
    id: Type.String({ description: "top_…" }),
    name: Type.String(),
    type: Type.String({ description: "web" }),
    external_url: Type.String(),
    custom_fields: anyObject,
  },
  { title: "Link" },
)
export type Link = Static<typeof Link>
