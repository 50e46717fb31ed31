type Child = Node | string | null | false
type Props = Record<string, string | boolean | EventListener | null>

/** An element: attributes, `on…` listeners, children. Strings become text and never markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, "")
    else if (typeof value === "string") element.setAttribute(name, value)
  }
  element.append(...children.filter((child) => child !== null && child !== false))
  return element
}

const svgNamespace = "http://www.w3.org/2000/svg"

/** A drawing of one path in a square of 24, for the eye only. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(svgNamespace, "svg")
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true" }))
    svg.setAttribute(name, value)
  const drawn = document.createElementNS(svgNamespace, "path")
  drawn.setAttribute("d", path)
  svg.append(drawn)
  return svg
}
