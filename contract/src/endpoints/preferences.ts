/** What a teammate chose for themselves; ours, for the inbox. Read with the session. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { KeyPreferences, Preferences, SendingPreferences } from "../inbox-preferences.ts"

export const PreferencesChange = Type.Object({
  keys: Type.Optional(KeyPreferences),
  sending: Type.Optional(SendingPreferences),
})
export type PreferencesChange = Static<typeof PreferencesChange>

export const updatePreferences = endpoint({
  method: "PATCH",
  path: "/causeway/session/preferences",
  summary: "Changes one's own preferences: each part that is given replaces that part.",
  callers: ["session"],
  scope: null,
  body: PreferencesChange,
  responses: { 200: Preferences },
})
