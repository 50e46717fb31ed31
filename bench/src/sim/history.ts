/** What happened, for whoever asks how it came to a failure: cheap to note, put into words only then. */
export interface Step {
  atMs: number
  who: string
  what: string
  /** Deliveries, conversations or lanes it is about. */
  about: readonly (number | string | null)[]
  details: readonly unknown[]
}

const kept = 4_000

export class History {
  readonly #steps: Step[] = []
  #next = 0

  note(atMs: number, who: string, what: string, about: Step["about"], ...details: unknown[]): void {
    this.#steps[this.#next++ % kept] = { atMs, who, what, about, details }
  }

  /** The last steps that were about any of these, oldest first. */
  tell(about: ReadonlySet<number | string | null>, max: number): string[] {
    const inOrder = [...this.#steps.slice(this.#next % kept), ...this.#steps.slice(0, this.#next % kept)]
    return inOrder
      .filter((step) => step.about.length === 0 || step.about.some((one) => one !== null && about.has(one)))
      .slice(-max)
      .map(({ atMs, who, what, about: whom, details }) => {
        const said = details.map((detail) => (typeof detail === "string" ? detail : JSON.stringify(detail)))
        return `${clock(atMs)}  ${who.padEnd(10)} ${[what, ...whom.filter((one) => one !== null), ...said].join(" ")}`
      })
  }
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(8, 23)
