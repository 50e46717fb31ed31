/** What is set under a message. Source: Core API SignatureResponse. */
import Type, { type Static } from "typebox"
import { nullable } from "../shapes.ts"

export const Signature = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({ owner: Type.String({ description: "a team or a teammate" }) }),
    }),
    id: Type.String({ description: "sig_…" }),
    name: nullable(Type.String()),
    body: Type.String({ description: "HTML, sanitised" }),
    sender_info: nullable(Type.String({ description: "what the From line adds" })),
    is_visible_for_all_teammate_channels: Type.Boolean({
      description: "a team's: in the channels of its teammates too",
    }),
    is_default: Type.Boolean({ description: "its owner's default; each has one at most" }),
    is_private: Type.Boolean({ description: "a teammate's own" }),
    channel_ids: nullable(Type.Array(Type.String(), { description: "null: in every channel" })),
  },
  { title: "Signature" },
)
export type Signature = Static<typeof Signature>
