import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const sources = join(import.meta.dirname, "../src")

/** Linear red, green and blue, 0 to 1, and the alpha. */
type Colour = readonly [number, number, number, number]

export interface Theme {
  name: string
  colours: ReadonlyMap<string, Colour>
}

/** A text or a mark on a ground, by their tokens, and how much they must differ. */
export interface Pair {
  ink: string
  ground: string
  /** 4.5 for text (WCAG 1.4.3), 3 for marks, borders of fields and the ring of the focus (1.4.11). */
  min: number
}

const surfaces = ["surface-0", "surface-1", "surface-2", "surface-3", "accent-soft", "bubble-in", "bubble-out"]
const on = (inks: readonly string[], grounds: readonly string[], min: number): Pair[] =>
  inks.flatMap((ink) => grounds.map((ground) => ({ ink, ground, min })))

/** The pairs that components may use without asking; whatever else a style sheet sets together is found by `pairsOfRules`. */
export const declaredPairs: readonly Pair[] = [
  ...on(["text-1", "text-2"], [...surfaces, "warn-soft", "fail-soft", "note-soft"], 4.5),
  ...on(["text-3"], ["surface-0", "surface-1", "surface-2"], 4.5),
  ...on(["accent", "ok", "warn", "fail"], ["surface-0", "surface-1", "surface-2", "bubble-out"], 4.5),
  ...on(["fail"], ["fail-soft"], 4.5),
  ...on(["warn"], ["warn-soft"], 4.5),
  ...on(["note"], ["note-soft"], 4.5),
  ...on(["on-accent"], ["accent-fill", "accent-fill-hover"], 4.5),
  ...on(["line-strong", "focus"], ["surface-0", "surface-1", "surface-2"], 3),
]

/** Every theme as tokens.css defines it: light and dark, with the usual contrast and with more. */
export function themes(): Theme[] {
  const css = readFileSync(join(sources, "styles/tokens.css"), "utf8")
  const usual = tokensOf(css, /:root \{([^}]*)\}/)
  const more = new Map([...usual, ...tokensOf(css, /:root\[data-contrast="more"\] \{([^}]*)\}/)])
  return [
    { name: "light", colours: resolved(usual, 0) },
    { name: "dark", colours: resolved(usual, 1) },
    { name: "light, more contrast", colours: resolved(more, 0) },
    { name: "dark, more contrast", colours: resolved(more, 1) },
  ]
}

function tokensOf(css: string, block: RegExp): Map<string, string> {
  const body = block.exec(css)?.[1]
  if (body === undefined) throw new Error(`tokens.css has no ${block}`)
  return new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] as string, match[2] as string]))
}

/** `scheme`: 0 light, 1 dark. What is no colour (sizes, shadows) is left out. */
function resolved(tokens: ReadonlyMap<string, string>, scheme: 0 | 1): Map<string, Colour> {
  const colours = new Map<string, Colour>()
  for (const [name, value] of tokens) {
    const both = [...value.matchAll(/oklch\(([^)]+)\)/g)].map((match) => match[1] as string)
    const isColour = value.startsWith("oklch(") || (value.startsWith("light-dark(") && both.length === 2)
    if (isColour) colours.set(name, fromOklch((both[scheme] ?? both[0]) as string))
  }
  return colours
}

/** "48% 0.145 259 / 0.5" to linear sRGB. Source: CSS Color 4, conversion by way of OKLab. */
function fromOklch(text: string): Colour {
  const [lightness = 0, chroma = 0, hue = 0, alpha = 1] = text
    .split(/[\s/]+/)
    .map((part) => (part.endsWith("%") ? Number.parseFloat(part) / 100 : Number(part)))
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const inGamut = (value: number): number => Math.min(1, Math.max(0, value))
  return [
    inGamut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    inGamut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    inGamut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    alpha,
  ]
}

const luminance = ([red, green, blue]: Colour): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue

/** How much two colours differ, 1 to 21. Source: WCAG 2.2, contrast ratio. */
export function contrastOf(theme: Theme, ink: string, ground: string): number {
  const [one, two] = [ink, ground].map((name) => {
    const colour = theme.colours.get(name)
    if (colour === undefined) throw new Error(`tokens.css has no colour --${name}`)
    return luminance(colour)
  }) as [number, number]
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
}

/** What a rule of a style sheet sets together: its text on its own ground. */
export function pairsOfRules(): Pair[] {
  const sheets = readdirSync(sources, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".module.css"))
  return sheets.flatMap((path) => {
    const css = readFileSync(join(sources, path), "utf8")
    return [...css.matchAll(/\{([^{}]*)\}/g)].flatMap(([, rule = ""]) => {
      const ink = /(?:^|[\s;])color:\s*var\(--([\w-]+)\)/.exec(rule)?.[1]
      const ground = /background(?:-color)?:\s*var\(--([\w-]+)\)/.exec(rule)?.[1]
      return ink !== undefined && ground !== undefined && ground !== "hover" ? [{ ink, ground, min: 4.5 }] : []
    })
  })
}

/** Each pair that differs too little, with its theme, as a line to be read. */
export function tooFaint(pairs: readonly Pair[]): string[] {
  return themes().flatMap((theme) =>
    pairs
      .map((pair) => ({ ...pair, ratio: contrastOf(theme, pair.ink, pair.ground) }))
      .filter(({ ratio, min }) => ratio < min)
      .map(({ ink, ground, ratio, min }) => `${theme.name}: --${ink} on --${ground} ${ratio.toFixed(2)}, needs ${min}`),
  )
}
