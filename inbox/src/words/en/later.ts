import { bulk } from "./bulk.ts"
import { call } from "./call.ts"
import { channels } from "./channels.ts"
import { contact } from "./contact.ts"
import { search } from "./search.ts"
import { templates } from "./templates.ts"

/** What only those parts say that come when they are wanted: see later-words.ts. */
export const later = {
  ...bulk,
  ...call,
  ...channels,
  ...contact,
  ...search,
  ...templates,
}
