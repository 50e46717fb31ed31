import type { Preferences } from "./inbox-preferences.ts"

/** What holds until a teammate chooses. Apart from the schema, so that a page that needs the values does not load what checks them. */
export const usualPreferences: Preferences = {
  keys: { single: "on", leader: ",", remapped: {} },
  sending: { enter_sends: false, undo_seconds: 0 },
}
