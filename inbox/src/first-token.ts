import { createValue } from "./value.ts"

/** The API token that set-up answered: shown once in the empty inbox, held in memory only, null after a reload. */
export const firstToken = createValue<string | null>(null)
