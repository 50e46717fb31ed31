/** Why Causeway cannot start, in one sentence, and what to do about it in another. `main.ts` prints both and exits with 1. */
export class StartError extends Error {
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
  }
}
