import { laneStatements } from "./lanes.ts"
import { outboxStatements } from "./outbox.ts"
import { peopleStatements } from "./people.ts"
import { settleStatements } from "./settle.ts"
import type { Statements } from "./statement.ts"

/**
 * Every statement that delivery runs, by its name in the server, imitated over the store. Nothing compares them with PostgreSQL by itself: whoever
 * changes the text of one there changes it here too.
 */
export const statements: Statements = {
  ...laneStatements,
  ...settleStatements,
  ...outboxStatements,
  ...peopleStatements,
}
