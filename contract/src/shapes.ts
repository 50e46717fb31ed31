/** Small pieces that wire shapes are made of. */
import Type, { type TSchema } from "typebox"

/** T or null, as JSON Schema 2020-12 (and so OpenAPI 3.1) says it. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
