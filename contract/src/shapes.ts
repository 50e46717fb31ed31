/** Small pieces that wire shapes are made of. */
import Type, { type TSchema } from "typebox"

/** T or null, as JSON Schema 2020-12 (and so OpenAPI 3.1) says it. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Anything but null and undefined values under keys of the caller's choice: custom fields, metadata. */
export const anyObject = Type.Record(Type.String(), Type.Unknown())

/** seconds since 1970 with three decimals, as every time of the vendor but webhook timestamps and seen receipts. */
export const seconds = Type.Number({ description: "seconds since 1970-01-01T00:00Z" })

/** The query of a paged list. Source: Core API parameters limit, page_token, sort_by, sort_order; out-of-range limits are clamped, not refused. */
export const pageQuery = {
  limit: Type.Optional(Type.String({ maxLength: 20 })),
  page_token: Type.Optional(Type.String({ maxLength: 400 })),
}
export const sortQuery = {
  sort_by: Type.Optional(Type.String({ maxLength: 40 })),
  sort_order: Type.Optional(Type.Union([Type.Literal("asc"), Type.Literal("desc")])),
}

/** A list in the vendor's form; `_pagination` is always there, because live clients read it unguarded. */
export const listOf = <T extends TSchema>(result: T) =>
  Type.Object({
    _pagination: Type.Object({ next: nullable(Type.String()) }),
    _links: Type.Object({ self: Type.String() }),
    _results: Type.Array(result),
  })
