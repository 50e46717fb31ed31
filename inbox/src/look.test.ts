import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync } from "vite"
import { expect, test } from "vitest"
import { declaredPairs, pairsOfRules, themes, tooFaint } from "../scripts/contrast.ts"

const files = readdirSync(import.meta.dirname, { recursive: true })
  .map(String)
  .filter((path) => !path.includes(".test."))
  .map((path) => ({ path, read: () => readFileSync(join(import.meta.dirname, path), "utf8") }))
const sheets = files.filter(({ path }) => path.endsWith(".css"))
const components = files.filter(({ path }) => path.endsWith(".tsx"))

test("every pair of colours that is declared or used differs enough, in every theme", () => {
  expect(themes()).toHaveLength(4)
  const used = pairsOfRules()
  expect(used.length).toBeGreaterThan(5)
  expect(tooFaint([...declaredPairs, ...used])).toEqual([])
  expect(tooFaint([{ ink: "text-1", ground: "text-2", min: 4.5 }])).not.toEqual([])
})

const declarations = (css: string) =>
  [...css.replace(/\/\*.*?\*\//gs, "").matchAll(/(?:^|[{;\s])([a-z-]+):\s*([^;{}]+);/g)].map(
    ([, property = "", value = ""]) => ({ property, value }),
  )
const isPhysical = ({ property, value }: { property: string; value: string }): boolean =>
  /(^|-)(left|right)(-|$)/.test(property) ||
  (/^(float|clear|text-align|caption-side|position-area|background-position|transform-origin)$/.test(property) &&
    /\b(left|right)\b/.test(value)) ||
  /\bto (left|right)\b/.test(value)

test("style sheets know no left and right, so that the page turns round with its language", () => {
  const found = sheets.flatMap(({ path, read }) =>
    declarations(read())
      .filter(isPhysical)
      .map(({ property, value }) => `${path}: ${property}: ${value}`),
  )
  expect(found).toEqual([])
  expect(declarations("a { margin-left: 2px; text-align: right; }").every(isPhysical)).toBe(true)
})

test("colours are tokens, and no font is loaded", () => {
  const found = sheets.flatMap(({ path, read }) => {
    const raw = path.endsWith("tokens.css")
      ? []
      : declarations(read()).filter(({ value }) =>
          /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch|oklab|lab|lch)\(/i.test(value),
        )
    const fonts = /@font-face|@import/.test(read()) ? ["a font or another sheet"] : []
    return [
      ...raw.map(({ property, value }) => `${path}: ${property}: ${value}`),
      ...fonts.map((font) => `${path}: ${font}`),
    ]
  })
  expect(found).toEqual([])
})

// biome-ignore lint/suspicious/noExplicitAny: nodes of many shapes, of which a few fields are looked at
type Node = any

const spoken: ReadonlySet<string> = new Set([
  ...["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "aria-placeholder"],
  ...["title", "placeholder", "alt", "label"],
])
/** Beginnings of addresses and ids are written alike in every language. */
const asEverywhere = /\bhttps?:\/\/|\b[a-z]{3}_…/g
const hasLetters = (text: unknown): boolean =>
  typeof text === "string" && /\p{L}{2}/u.test(text.replaceAll(asEverywhere, ""))

/** What an expression would put on the screen as it stands in the source. */
function literals(node: Node): string[] {
  if (node?.type === "Literal" && hasLetters(node.value)) return [node.value]
  if (node?.type === "TemplateLiteral")
    return node.quasis.map((part: Node) => part.value.raw as string).filter(hasLetters)
  if (node?.type === "ConditionalExpression") return [...literals(node.consequent), ...literals(node.alternate)]
  if (node?.type === "LogicalExpression") return literals(node.right)
  if (node?.type === "JSXExpressionContainer") return literals(node.expression)
  return []
}

function sentencesIn(path: string, text: string): string[] {
  const found: string[] = []
  const see = (node: Node): void => {
    if (Array.isArray(node)) for (const each of node) see(each)
    if (typeof node?.type !== "string") return
    if (node.type === "JSXText" && hasLetters(node.value)) found.push(node.value.trim())
    if (node.type === "JSXElement" || node.type === "JSXFragment") found.push(...node.children.flatMap(childSentences))
    if (node.type === "JSXAttribute" && spoken.has(nameOf(node.name))) found.push(...literals(node.value))
    for (const child of Object.values(node)) if (typeof child === "object" && child !== null) see(child)
  }
  see(parseSync(path, text).program)
  return found.map((sentence) => `${path}: ${sentence}`)
}

const nameOf = (name: Node): string => String(name.name)
const childSentences = (child: Node): string[] => (child.type === "JSXExpressionContainer" ? literals(child) : [])

test("no sentence stands in a component: all are in words/", () => {
  expect(components.flatMap(({ path, read }) => sentencesIn(path, read()))).toEqual([])
  const odd = 'const A = () => <p title="Hello you">{x ? "Yes please" : y} Plain words<b aria-label={`Say it`} /></p>'
  expect(sentencesIn("odd.tsx", odd)).toHaveLength(4)
})
