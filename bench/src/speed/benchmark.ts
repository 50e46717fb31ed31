/** What one call of `npm run bench` asks of every benchmark. */
export interface RunOptions {
  /** How long each measured stretch lasts, in seconds. */
  seconds: number
  /** How often everything is measured; the median counts. */
  rounds: number
  /** Decides when requests come, and what they say. */
  seed: number
  /** The origin of a mock of the vendor's document, which is measured beside; null: none is. */
  prism: string | null
  /** What `Benchmark.flags` names, as given or by default. */
  flags: Readonly<Record<string, string>>
  /** Progress, for whoever waits. */
  say(text: string): void
}

/** One thing that is measured, together with its limit, so that the two can be compared. */
export interface Benchmark {
  /** As people type it. */
  name: string
  title: string
  /** How it is measured and what its limit is, in a sentence or two. */
  method: string
  /** Options of this one alone: `--name VALUE`. */
  flags?: Readonly<Record<string, { default: string; usage: string }>>
  run(options: RunOptions): Promise<Finding>
}

/** What a benchmark came to. It is kept as JSON, so it holds nothing but data. */
export interface Finding {
  tables: Table[]
  aims: Aim[]
  plots: Plot[]
}

/** Text or a number; null: not measured. */
export type Cell = string | number | null

export interface Table {
  /** Numbers are printed with so many digits after the point; default 0. */
  columns: { name: string; digits?: number }[]
  rows: Cell[][]
}

/** A figure that is promised to be at least, or at most, something. */
export interface Aim {
  what: string
  figure: number
  least?: number
  most?: number
  /** Printed after the numbers, such as " ms"; default: nothing, as of a ratio. */
  unit?: string
}

export type Plot = Lines | Bars

interface PlotHead {
  /** The picture's file is docs/images/perf-<name>.svg. */
  name: string
  title: string
}

/** `share` is for percentiles: 0.9, 0.99 and 0.999 are equally far from each other. */
export type Scale = "linear" | "log" | "share"

export interface Lines extends PlotHead {
  kind: "lines"
  x: { title: string; scale: Scale }
  y: { title: string; scale: Exclude<Scale, "share"> }
  lines: { name: string; points: [x: number, y: number][] }[]
}

export interface Bars extends PlotHead {
  kind: "bars"
  /** What the bars' length counts. */
  unit: string
  bars: { name: string; value: number }[]
}

/** A figure that could not be taken (in JSON: null) meets nothing. */
export const isMet = ({ figure, least, most }: Aim): boolean =>
  Number.isFinite(figure) && (least === undefined || figure >= least) && (most === undefined || figure <= most)
