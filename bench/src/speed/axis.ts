import type { Scale } from "./benchmark.ts"
import { cellText } from "./text.ts"

export interface Axis {
  ticks: { value: number; text: string }[]
  /** Where a value lies between the axis' ends: 0 to 1. */
  along(value: number): number
}

const ticksWanted = 5

/** An axis that holds these values, with round numbers marked. */
export function axisOf(scale: Scale, values: readonly number[]): Axis {
  if (scale === "share") return between(shareTicks(values), nines)
  return scale === "log" ? between(logTicks(values), Math.log10) : between(linearTicks(values), (value) => value)
}

/** The axis ends at the first and last of `values`; `measure` is what grows evenly along it. */
function between(
  { ticks, ends }: { ticks: Axis["ticks"]; ends: [number, number] },
  measure: (value: number) => number,
): Axis {
  const [low, high] = [measure(ends[0]), measure(ends[1])]
  return { ticks, along: (value) => (high === low ? 0 : (measure(value) - low) / (high - low)) }
}

/** 0.9 is one, 0.99 two, 0.999 three. */
const nines = (share: number): number => -Math.log10(1 - share)

function shareTicks(values: readonly number[]): { ticks: Axis["ticks"]; ends: [number, number] } {
  const most = Math.max(...values)
  const ticks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999]
    .filter((share) => share <= most)
    .map((value) => ({ value, text: `${Number((value * 100).toFixed(2))} %` }))
  return { ticks, ends: [0, most] }
}

/** 1, 2, 5, 10, 20, … around the values; every power of ten alone where those would be too many. */
function logTicks(values: readonly number[]): { ticks: Axis["ticks"]; ends: [number, number] } {
  const [least, most] = [Math.min(...values.filter((value) => value > 0)), Math.max(...values)]
  const decades = Array.from({ length: 13 }, (_, i) => 10 ** (i - 4))
  const fine = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade])
  const around = (marks: number[]) => {
    const from = marks.findLastIndex((mark) => mark <= least)
    const to = marks.findIndex((mark) => mark >= most)
    return marks.slice(Math.max(0, from), to + 1)
  }
  const marks = around(fine).length > 2 * ticksWanted ? around(decades) : around(fine)
  const ticks = marks.map((value) => ({ value, text: cellText(value, value < 1 ? (value < 0.1 ? 2 : 1) : 0) }))
  return { ticks, ends: [marks[0] as number, marks.at(-1) as number] }
}

/** From 0 in even steps of 1, 2 or 5. */
function linearTicks(values: readonly number[]): { ticks: Axis["ticks"]; ends: [number, number] } {
  const most = Math.max(...values, Number.MIN_VALUE)
  const rough = most / ticksWanted
  const decade = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * decade >= rough) ?? 10) * decade
  const count = Math.ceil(most / step)
  const ticks = Array.from({ length: count + 1 }, (_, i) => ({
    value: i * step,
    text: cellText(i * step, step < 1 ? Math.ceil(-Math.log10(step)) : 0),
  }))
  return { ticks, ends: [0, count * step] }
}
