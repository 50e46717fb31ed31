import { bulk } from "./bulk.ts"
import { call } from "./call.ts"
import { channels } from "./channels.ts"
import { commands } from "./commands.ts"
import { composer } from "./composer.ts"
import { contact } from "./contact.ts"
import { conversation } from "./conversation.ts"
import { entry } from "./entry.ts"
import { header } from "./header.ts"
import { lists } from "./lists.ts"
import { notices } from "./notices.ts"
import { reasons } from "./reasons.ts"
import { search } from "./search.ts"
import { shell } from "./shell.ts"
import { templates } from "./templates.ts"
import { timeline } from "./timeline.ts"
import { writing } from "./writing.ts"

export const en = {
  ...entry,
  ...shell,
  ...lists,
  ...search,
  ...bulk,
  ...conversation,
  ...header,
  ...contact,
  ...notices,
  ...composer,
  ...writing,
  ...call,
  ...templates,
  ...channels,
  ...commands,
  ...reasons,
  ...timeline,
}
