/** One measurable promise of the inbox: a file of this folder named `gNN-name.ts`, which exports it as `goal`. */
export interface Goal {
  /** As in "G1". */
  id: string
  /** What is promised, with its bound, in a few words. */
  goal: string
  /** Measures it. `full`: as many rounds as are promised; otherwise as many as fit into half a minute. */
  run(full: boolean): Promise<Figure>
}

export interface Figure {
  /** What was measured, with its unit, in a few words. */
  figure: string
  reached: boolean
}
