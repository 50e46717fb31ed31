/** One line of a run's output: what a test counted or measured, under the name that docs/security.md gives it. */
export const figure = (goal: string, text: string): void => {
  process.stdout.write(`${goal}: ${text}\n`)
}
