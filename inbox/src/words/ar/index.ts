import type { Words } from "../../words.ts"
import { commands } from "./commands.ts"
import { composer } from "./composer.ts"
import { conversation } from "./conversation.ts"
import { entry } from "./entry.ts"
import { header } from "./header.ts"
import { lists } from "./lists.ts"
import { notices } from "./notices.ts"
import { reasons } from "./reasons.ts"
import { shell } from "./shell.ts"
import { timeline } from "./timeline.ts"
import { writing } from "./writing.ts"

export const ar: Words = {
  ...entry,
  ...shell,
  ...lists,
  ...conversation,
  ...header,
  ...notices,
  ...composer,
  ...writing,
  ...commands,
  ...reasons,
  ...timeline,
}
