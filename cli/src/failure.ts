/** What the process exits with; the same for every command. */
export const exit = {
  ok: 0,
  /** Something was checked and is not as it should be. */
  failed: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  network: 5,
  timeout: 6,
} as const

/** A command cannot go on: one sentence for people, one line that says what to do, and the exit code. */
export class Failure extends Error {
  override readonly name = "Failure"
  readonly code: number
  /** What follows `Fix: `: a command to type, or what to change. */
  readonly fix: string

  constructor(code: number, message: string, fix: string) {
    super(message)
    this.code = code
    this.fix = fix
  }
}

/** Something was typed that cannot be used. */
export const usageFailure = (message: string, fix: string): Failure => new Failure(exit.usage, message, fix)
