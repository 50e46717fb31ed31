import { laneStatements } from "./lanes.ts"
import { outboxStatements } from "./outbox.ts"
import { peopleStatements } from "./people.ts"
import { settleStatements } from "./settle.ts"
import type { Statements } from "./statement.ts"

/** Every statement that delivery runs, by its name in the server. statements.test.ts holds each against PostgreSQL. */
export const statements: Statements = {
  ...laneStatements,
  ...settleStatements,
  ...outboxStatements,
  ...peopleStatements,
}
