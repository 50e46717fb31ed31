import { order, timing } from "./checks-of-conduct.ts"
import { authorization, autoreplies, deletion, imports } from "./checks-of-exchanges.ts"
import { messages } from "./checks-of-messages.ts"
import { errors, signatures } from "./checks-of-refusals.ts"
import type { Check } from "./verdict.ts"

/** All checks in the order in which they run; deletion is last. */
export const allChecks = (secret: string): Check[] => [
  ...authorization,
  ...messages,
  ...autoreplies,
  ...imports,
  ...signatures(secret),
  ...errors,
  ...order,
  ...timing,
  ...deletion,
]
