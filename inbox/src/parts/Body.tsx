import { createElement, Fragment, type ReactNode, useMemo } from "react"
import { withAddresses } from "../addresses.ts"
import { type BodyNode, readBody } from "../body.ts"

/** A body that holds only what the composer can make (`is_simple`), as React nodes: no HTML of somebody else is put into the page. */
export function Body({ html }: { html: string }) {
  const nodes = useMemo(() => readBody(new DOMParser().parseFromString(html, "text/html").body.childNodes), [html])
  return <>{nodes.map((node, index) => drawn(node, index, false))}</>
}

function drawn(node: BodyNode, index: number, isInLink: boolean): ReactNode {
  // Bodies never change in place, so the index is as good a key as any.
  if (typeof node === "string") return <Fragment key={index}>{isInLink ? node : linked(node)}</Fragment>
  const link = node.tag === "a" ? outside(node.href ?? "") : null
  if (node.children.length === 0) return createElement(node.tag, { key: index, ...link })
  const children = node.children.map((child, at) => drawn(child, at, isInLink || node.tag === "a"))
  return createElement(node.tag, { key: index, ...link }, ...children)
}

/** Where a link leads is shown on hover: its words may say something else. */
const outside = (href: string) => ({
  href,
  target: "_blank",
  rel: "noopener noreferrer nofollow",
  title: URL.parse(href)?.host || href,
})

const linked = (text: string): ReactNode =>
  withAddresses(text).map((part, index) =>
    typeof part === "string" ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: bodies never change in place
      <a key={index} {...outside(part.href)}>
        {part.text}
      </a>
    ),
  )
