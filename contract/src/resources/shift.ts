/** When some teammates work. Source: Core API ShiftResponse. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"

export const shiftColors = [
  "black",
  "grey",
  "pink",
  "purple",
  "blue",
  "teal",
  "green",
  "yellow",
  "orange",
  "red",
] as const
export const ShiftColor = Type.Union(shiftColors.map((color) => Type.Literal(color)))

const Interval = Type.Object({
  start: Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", description: "local time, e.g. 09:00" }),
  end: Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", description: "later on the same day" }),
})
const Day = Type.Optional(Interval)

/** Days that are left out are free. Any other key is a mistake that would silently be a free day. */
export const ShiftTimes = Type.Object(
  { mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day },
  { additionalProperties: false },
)
export type ShiftTimes = Static<typeof ShiftTimes>

export const Shift = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({ teammates: Type.String(), owner: nullable(Type.String({ description: "its team" })) }),
    }),
    id: Type.String({ description: "shf_…" }),
    name: Type.String(),
    color: ShiftColor,
    timezone: Type.String({ description: "IANA" }),
    times: ShiftTimes,
    created_at: seconds,
    updated_at: seconds,
  },
  { title: "Shift" },
)
export type Shift = Static<typeof Shift>
