/** That a message was seen. Source: Core API SeenReceiptResponse; the time is typed as a string there, and is a number in every sample. */
import Type, { type Static } from "typebox"
import { nullable } from "../shapes.ts"

export const SeenReceipt = Type.Object(
  {
    _links: Type.Object({ self: Type.String(), related: Type.Object({ message: Type.String() }) }),
    first_seen_at: Type.Integer({ description: "milliseconds since 1970-01-01T00:00Z" }),
    seen_by: nullable(
      Type.Object({ handle: Type.String(), source: Type.String({ description: "email, phone, custom …" }) }),
    ),
  },
  { title: "SeenReceipt" },
)
export type SeenReceipt = Static<typeof SeenReceipt>
