import fc from "fast-check"
import { expect, test } from "vitest"
import { type BodyNode, bodyTags, type ParsedNode, readBody, safeHref } from "./body.ts"

const text = (value: string): ParsedNode => ({ nodeType: 3, nodeName: "#text", nodeValue: value, childNodes: [] })
const comment: ParsedNode = { nodeType: 8, nodeName: "#comment", nodeValue: "hidden", childNodes: [] }
const element = (name: string, attributes: Record<string, string>, ...children: ParsedNode[]): ParsedNode => ({
  nodeType: 1,
  nodeName: name.toUpperCase(),
  nodeValue: null,
  childNodes: children,
  getAttribute: (attribute) => attributes[attribute] ?? null,
})

test("what the composer makes is read as it is", () => {
  const body = [element("p", {}, text("It ships "), element("strong", {}, text("today")), element("br", {}))]
  expect(readBody(body)).toEqual([
    { tag: "p", children: ["It ships ", { tag: "strong", children: ["today"] }, { tag: "br", children: [] }] },
  ])
})

test("other elements give way to their words, and scripts and styles vanish with theirs", () => {
  const body = [
    element("span", { onclick: "steal()" }, text("kept")),
    element("script", {}, text("steal()")),
    element("style", {}, text("p { display: none }")),
    comment,
    element("img", { src: "https://example.com/pixel" }),
  ]
  expect(readBody(body)).toEqual(["kept"])
})

test("a link keeps its address only when a click may follow it", () => {
  const links = [
    "https://example.com/a?b=1",
    "mailto:mia@example.com",
    "javascript:alert(1)",
    "/app/inbox/open",
    "data:text/html,x",
  ]
  expect(links.map((href) => readBody([element("a", { href }, text("here"))])[0])).toEqual([
    { tag: "a", href: "https://example.com/a?b=1", children: ["here"] },
    { tag: "a", href: "mailto:mia@example.com", children: ["here"] },
    "here",
    "here",
    "here",
  ])
  expect(safeHref(" java\nscript:alert(1)")).toBeNull()
})

test("whatever the tree, only the fixed elements come out and no word of the kept ones is lost", () => {
  const names = [...bodyTags.filter((tag) => tag !== "br"), "span", "table", "h1", "img", "marquee"]
  const { tree } = fc.letrec<{ tree: ParsedNode }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 40, depthSize: "medium" },
      fc.string({ minLength: 1 }).map(text),
      fc
        .tuple(fc.constantFrom(...names), fc.array(tie("tree"), { maxLength: 4 }))
        .map(([name, children]) => element(name, { href: "https://example.com/" }, ...children)),
    ),
  }))
  const words = (node: ParsedNode): string => (node.nodeValue ?? "") + [...node.childNodes].map(words).join("")
  const wordsRead = (node: BodyNode): string =>
    typeof node === "string" ? node : node.children.map(wordsRead).join("")
  fc.assert(
    fc.property(fc.array(tree), (nodes) => {
      const read = readBody(nodes)
      expect(read.map(wordsRead).join("")).toBe(nodes.map(words).join(""))
      const check = (node: BodyNode): void => {
        if (typeof node === "string") return
        expect(bodyTags).toContain(node.tag)
        node.children.forEach(check)
      }
      read.forEach(check)
    }),
  )
})
