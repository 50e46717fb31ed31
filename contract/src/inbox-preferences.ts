/** What a teammate chose for themselves and finds again on every device. How one device looks stays on that device. */
import Type, { type Static } from "typebox"
import { keyCommandsMax, keysCharsMax, keysPerCommandMax } from "./limits.ts"

const Keys = Type.String({
  minLength: 1,
  maxLength: keysCharsMax,
  description: "as the inbox writes keys: `g i`, `Mod+k`",
})

export const KeyPreferences = Type.Object(
  {
    single: Type.Union([Type.Literal("on"), Type.Literal("off"), Type.Literal("leader")], {
      description: "single letters and signs; leader: only after the leader key",
    }),
    leader: Keys,
    remapped: Type.Record(
      Type.String({ pattern: "^[A-Za-z]{1,40}$" }),
      Type.Array(Keys, { maxItems: keysPerCommandMax }),
      {
        maxProperties: keyCommandsMax,
        additionalProperties: false,
        description: "a command's own keys in place of the usual ones; an empty list: none",
      },
    ),
  },
  { additionalProperties: false },
)

export const SendingPreferences = Type.Object(
  {
    enter_sends: Type.Boolean({ description: "false: Ctrl or ⌘ with Enter sends, and Enter is a new line" }),
    undo_seconds: Type.Union(
      [Type.Literal(0), Type.Literal(5), Type.Literal(10), Type.Literal(15), Type.Literal(30), Type.Literal(60)],
      { description: "every reply can be taken back for at least as long" },
    ),
  },
  { additionalProperties: false },
)

export const Preferences = Type.Object({ keys: KeyPreferences, sending: SendingPreferences })
export type Preferences = Static<typeof Preferences>
