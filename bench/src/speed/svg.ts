import { axisOf } from "./axis.ts"
import type { Bars, Lines, Plot, Scale } from "./benchmark.ts"
import { cellText } from "./text.ts"

const width = 720
const lineHeight = 20
const barHeight = 22
const barGap = 8
const frame = { left: 64, right: 24, top: 44, bottom: 48 }
const innerHeight = 240
/** Room beside the bars for their names, and after the longest for its number. */
const barsFrom = 300
const numberWidth = 70
/** Lines differ by more than their colour. */
const dashes = ["", "6 4", "2 3", "10 3 2 3", "1 4"]

/** Light and dark as the reader's system has it; contrast at least 4.5 : 1 for text and 3 : 1 for lines on both grounds. */
const style = `
  svg { font: 13px system-ui, sans-serif }
  .ground { fill: #fff } text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 }
  .c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #1a7f37 } .c3 { stroke: #8250df } .c4 { stroke: #bf3989 }
  .bar { fill: #0969da } .beside { fill: #818b98 } .line { fill: none; stroke-width: 2 } .title { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
    .c0 { stroke: #4493f8 } .c1 { stroke: #f0883e } .c2 { stroke: #3fb950 } .c3 { stroke: #ab7df8 } .c4 { stroke: #db61a2 }
    .bar { fill: #4493f8 } .beside { fill: #818b98 }
  }`

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

const text = (x: number, y: number, words: string, { anchor = "start", name = "" } = {}): string =>
  `<text x="${round(x)}" y="${round(y)}"${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${name === "" ? "" : ` class="${name}"`}>${escaped(words)}</text>`

const round = (value: number): number => Math.round(value * 10) / 10

/** A picture of its own, readable on a light and on a dark page; it says in words what it shows. */
export function drawPlot(plot: Plot): string {
  const { height, parts } = plot.kind === "bars" ? drawBars(plot) : drawLines(plot)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(plot.title)}">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    text(16, 26, plot.kind === "bars" ? plot.title : `${plot.title} (${plot.y.title})`, { name: "title" }),
    ...parts,
    "</svg>\n",
  ].join("\n")
}

function drawBars({ bars, unit }: Bars): { height: number; parts: string[] } {
  const most = Math.max(...bars.map(({ value }) => value))
  const room = width - barsFrom - numberWidth - frame.right
  const parts = bars.flatMap(({ name, value }, i) => {
    const y = frame.top + i * (barHeight + barGap)
    const length = Math.max(1, (value / most) * room)
    return [
      text(barsFrom - 10, y + 16, name, { anchor: "end" }),
      `<rect class="${i === 0 ? "bar" : "beside"}" x="${barsFrom}" y="${y}" width="${round(length)}" height="${barHeight}" rx="3"/>`,
      text(barsFrom + length + 8, y + 16, cellText(value, value < 10 ? 1 : 0)),
    ]
  })
  const height = frame.top + bars.length * (barHeight + barGap) + 24
  return { height, parts: [...parts, text(barsFrom, height - 12, unit, { name: "quiet" })] }
}

function drawLines({ x, y, lines }: Lines): { height: number; parts: string[] } {
  const legend = frame.top + lineHeight
  const top = legend + 8
  const [right, bottom] = [width - frame.right, top + innerHeight]
  const points = lines.flatMap((line) => line.points)
  const across = placer(x.scale, points, 0, [frame.left, right])
  const up = placer(y.scale, points, 1, [bottom, top])
  const parts = [
    ...up.ticks.flatMap((tick) => [
      `<path class="grid" d="M${frame.left} ${round(up.at(tick.value))}H${right}"/>`,
      text(frame.left - 8, up.at(tick.value) + 4, tick.text, { anchor: "end", name: "quiet" }),
    ]),
    ...across.ticks.flatMap((tick) => [
      `<path class="grid" d="M${round(across.at(tick.value))} ${bottom}v5"/>`,
      text(across.at(tick.value), bottom + 20, tick.text, { anchor: "middle", name: "quiet" }),
    ]),
    text((frame.left + right) / 2, bottom + 40, x.title, { anchor: "middle", name: "quiet" }),
    ...lines.flatMap((line, i) => {
      const path = line.points.map(([px, py]) => `${round(across.at(px))} ${round(up.at(py))}`).join("L")
      const look = `class="line c${i % dashes.length}" stroke-dasharray="${dashes[i % dashes.length]}"`
      const from = frame.left + (i * (right - frame.left)) / lines.length
      return [
        `<path ${look} d="M${path}"/>`,
        `<path ${look} d="M${round(from)} ${legend - 12}h28"/>`,
        text(from + 36, legend - 8, line.name),
      ]
    }),
  ]
  return { height: bottom + frame.bottom, parts }
}

/** From a value of one axis to its place on the picture, and the values that are marked. */
function placer(scale: Scale, points: readonly [number, number][], axis: 0 | 1, [from, to]: [number, number]) {
  const { ticks, along } = axisOf(
    scale,
    points.map((point) => point[axis]),
  )
  return { ticks, at: (value: number): number => from + along(value) * (to - from) }
}
