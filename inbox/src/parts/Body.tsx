import { createElement, Fragment, type ReactNode, useMemo } from "react"
import { withAddresses } from "../addresses.ts"
import { type BodyNode, readBody } from "../body.ts"
import { inertBody } from "../trusted.ts"
import styles from "./Body.module.css"

/** A body that holds only what the composer can make (`is_simple`), as React nodes: no HTML of somebody else is put into the page. */
export function Body({ html, mentions = nobody }: { html: string; mentions?: Mentions }) {
  const nodes = useMemo(() => readBody(inertBody(html).childNodes), [html])
  return <>{nodes.map((node, index) => drawn(node, index, { isInLink: false, mentions }))}</>
}

/** Whom the body mentions, by username in lower case; true for whoever reads it. */
export type Mentions = ReadonlyMap<string, boolean>
const nobody: Mentions = new Map()

interface Context {
  isInLink: boolean
  mentions: Mentions
}

function drawn(node: BodyNode, index: number, context: Context): ReactNode {
  // Bodies never change in place, so the index is as good a key as any.
  if (typeof node === "string") {
    const text = context.isInLink ? node : linked(node, context.mentions)
    return <Fragment key={index}>{text}</Fragment>
  }
  const link = node.tag === "a" ? outside(node.href ?? "") : null
  if (node.children.length === 0) return createElement(node.tag, { key: index, ...link })
  const inside = { ...context, isInLink: context.isInLink || node.tag === "a" || node.tag === "code" }
  const children = node.children.map((child, at) => drawn(child, at, inside))
  return createElement(node.tag, { key: index, ...link }, ...children)
}

/** Where a link leads is shown on hover: its words may say something else. */
const outside = (href: string) => ({
  href,
  target: "_blank",
  rel: "noopener noreferrer nofollow",
  title: URL.parse(href)?.host || href,
})

const linked = (text: string, mentions: Mentions): ReactNode =>
  withAddresses(text).map((part, index) =>
    typeof part === "string" ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: bodies never change in place
      <Fragment key={index}>{mentions.size === 0 ? part : withMentions(part, mentions)}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: bodies never change in place
      <a key={index} {...outside(part.href)}>
        {part.text}
      </a>
    ),
  )

/** The names that were really told stand out; an @ before any other word is only text. */
const withMentions = (text: string, mentions: Mentions): ReactNode =>
  text.split(/(?<![\w@./])(@\w+)/).map((part, index) => {
    const isMe = part.startsWith("@") ? mentions.get(part.slice(1).toLowerCase()) : undefined
    if (isMe === undefined) return part
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: bodies never change in place
      <mark key={index} className={styles.mention} data-me={isMe || undefined}>
        {part}
      </mark>
    )
  })
