import type { later as English } from "../en/later.ts"
import { bulk } from "./bulk.ts"
import { call } from "./call.ts"
import { channels } from "./channels.ts"
import { contact } from "./contact.ts"
import { search } from "./search.ts"
import { templates } from "./templates.ts"

export const later: typeof English = {
  ...bulk,
  ...call,
  ...channels,
  ...contact,
  ...search,
  ...templates,
}
