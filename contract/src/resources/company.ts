/** The company itself and its teams. Source: Core API IdentityResponse, TeamPreviewResponse, TeamResponse, StatusResponse. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"
import { Inbox } from "./inbox.ts"
import { Teammate } from "./teammate.ts"

const Self = Type.Object({ self: Type.String() })

export const Identity = Type.Object(
  { _links: Self, id: Type.String({ description: "cmp_…" }), name: Type.String() },
  { title: "Identity" },
)
export type Identity = Static<typeof Identity>

const team = { _links: Self, id: Type.String({ description: "tim_…" }), name: Type.String() }

export const TeamPreview = Type.Object(team, { title: "TeamPreview" })
export type TeamPreview = Static<typeof TeamPreview>

export const Team = Type.Object(
  { ...team, inboxes: Type.Array(Inbox), members: Type.Array(Teammate) },
  { title: "Team" },
)
export type Team = Static<typeof Team>

/** A ticket's. Nobody has any while tickets are off. */
export const Status = Type.Object(
  {
    _links: Self,
    id: Type.String({ description: "sts_…" }),
    name: Type.String(),
    category: nullable(Type.Union([Type.Literal("open"), Type.Literal("waiting"), Type.Literal("resolved")])),
    description: nullable(Type.String()),
    created_at: Type.Optional(seconds),
    updated_at: Type.Optional(seconds),
  },
  { title: "Status" },
)
