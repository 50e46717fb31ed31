import { createElement, Fragment, type ReactNode, useMemo } from "react"
import { type BodyNode, readBody } from "../body.ts"

/** A body that holds only what the composer can make (`is_simple`), as React nodes: no HTML of somebody else is put into the page. */
export function Body({ html }: { html: string }) {
  const nodes = useMemo(() => readBody(new DOMParser().parseFromString(html, "text/html").body.childNodes), [html])
  return <>{nodes.map(drawn)}</>
}

function drawn(node: BodyNode, index: number): ReactNode {
  // Bodies never change in place, so the index is as good a key as any.
  if (typeof node === "string") return <Fragment key={index}>{node}</Fragment>
  const link = node.tag === "a" ? { href: node.href, target: "_blank", rel: "noopener noreferrer" } : null
  if (node.children.length === 0) return createElement(node.tag, { key: index, ...link })
  return createElement(node.tag, { key: index, ...link }, ...node.children.map(drawn))
}
