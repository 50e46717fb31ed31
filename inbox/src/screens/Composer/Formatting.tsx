import type { EditorView } from "prosemirror-view"
import { type ReactNode, useEffect, useState } from "react"
import { safeHref } from "../../body.ts"
import { type Switch, switches } from "../../editor/features.ts"
import { schema } from "../../editor/schema.ts"
import { Button } from "../../parts/Button.tsx"
import type { IconName } from "../../parts/Icon.tsx"
import { hasMod, modName } from "../../platform.ts"
import { words } from "../../words.ts"
import styles from "./Composer.module.css"
import { Tool, Toolbar } from "./Toolbar.tsx"

const said = words.writing

interface FormattingProps {
  view: EditorView
  active: ReadonlySet<Switch | "link">
  tools: ReactNode
}

const order: readonly (Switch | "link")[] = ["bold", "italic", "link", "strike", "ordered", "bulleted", "quote"]
const icons = {
  bold: "bold",
  italic: "italic",
  link: "link",
  strike: "strike",
  ordered: "ordered",
  bulleted: "bulleted",
  quote: "quote",
} as const satisfies Record<Switch | "link", IconName>

const keysOf = (name: Switch | "link"): string => (name === "link" ? "Mod-k" : switches[name].keys)
const shown = (keys: string): string =>
  keys
    .split("-")
    .join("+")
    .replace("Mod", modName)
    .replace(/[a-z]$/, (key) => key.toUpperCase())

/** The toolbar of the Advanced composer, and the field for a link's address that it opens. */
export function Formatting({ view, active, tools }: FormattingProps) {
  const [isLinking, setIsLinking] = useState(false)
  useEffect(() => {
    const { dom } = view
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!hasMod(event) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") return
      event.preventDefault()
      event.stopPropagation()
      setIsLinking(true)
    }
    dom.addEventListener("keydown", onKeyDown)
    return () => dom.removeEventListener("keydown", onKeyDown)
  }, [view])

  function press(name: Switch | "link"): void {
    if (name === "link") {
      setIsLinking((was) => !was)
      return
    }
    switches[name].run(view.state, view.dispatch)
    view.focus()
  }

  return (
    <>
      <Toolbar label={said.toolbar}>
        {order.map((name) => (
          <Tool
            key={name}
            icon={icons[name]}
            label={said[name]}
            keys={shown(keysOf(name))}
            isPressed={active.has(name)}
            onPress={() => press(name)}
          />
        ))}
        <span className={styles.gap} />
        {tools}
      </Toolbar>
      {isLinking && <LinkField view={view} isLink={active.has("link")} onDone={() => setIsLinking(false)} />}
    </>
  )
}

function LinkField({ view, isLink, onDone }: { view: EditorView; isLink: boolean; onDone(): void }) {
  const [address, setAddress] = useState(() => addressAt(view))
  const [isBad, setIsBad] = useState(false)
  function close(): void {
    onDone()
    view.focus()
  }
  function set(): void {
    const href = safeHref(/^[a-z]+:/i.test(address) ? address : `https://${address}`)
    if (href === null || address.trim() === "") {
      setIsBad(true)
      return
    }
    setLink(view, href)
    close()
  }
  return (
    <div className={styles.linkField}>
      <input
        // biome-ignore lint/a11y/noAutofocus: it was asked for by a key or a press
        autoFocus
        type="url"
        inputMode="url"
        dir="ltr"
        value={address}
        placeholder={said.address}
        aria-label={said.address}
        aria-invalid={isBad}
        onChange={(event) => {
          setAddress(event.currentTarget.value)
          setIsBad(false)
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "Escape") return
          // The form around it would send the reply.
          event.preventDefault()
          event.stopPropagation()
          if (event.key === "Enter") set()
          else close()
        }}
      />
      <Button onClick={set}>{said.setLink}</Button>
      {isLink && (
        <Button
          look="quiet"
          onClick={() => {
            setLink(view, null)
            close()
          }}
        >
          {said.removeLink}
        </Button>
      )}
      {isBad && (
        <p role="alert" className={styles.problem}>
          {said.badAddress}
        </p>
      )}
    </div>
  )
}

const { link } = schema.marks

function addressAt({ state }: EditorView): string {
  const { $from, from, to } = state.selection
  let href = (link.isInSet($from.marks())?.attrs.href as string | undefined) ?? ""
  state.doc.nodesBetween(from, to, (node) => {
    href ||= (link.isInSet(node.marks)?.attrs.href as string | undefined) ?? ""
  })
  return href
}

/** On what is selected; else on the link around the cursor; else the address itself is written as a link. null takes the link away. */
function setLink(view: EditorView, href: string | null): void {
  const { state } = view
  const [from, to] = state.selection.empty ? linkAround(view) : [state.selection.from, state.selection.to]
  const tr = state.tr
  if (from === to && href !== null) tr.replaceSelectionWith(schema.text(href, [link.create({ href })]), false)
  else {
    tr.removeMark(from, to, link)
    if (href !== null) tr.addMark(from, to, link.create({ href }))
  }
  view.dispatch(tr)
}

function linkAround({ state }: EditorView): [number, number] {
  const { $from } = state.selection
  const mark = link.isInSet($from.marks())
  if (mark === undefined) return [$from.pos, $from.pos]
  let from = $from.pos
  let to = $from.pos
  $from.parent.forEach((node, offset) => {
    const start = $from.start() + offset
    const end = start + node.nodeSize
    if (mark.isInSet(node.marks) && end >= $from.pos && start <= $from.pos) {
      from = Math.min(from, start)
      to = Math.max(to, end)
    }
  })
  return [from, to]
}
