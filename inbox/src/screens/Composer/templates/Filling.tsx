import { fillTemplate } from "@causeway/contract/template-text"
import { type KeyboardEvent, useState } from "react"
import { laterWords } from "../../../later-words.ts"
import { Body } from "../../../parts/Body.tsx"
import { Button } from "../../../parts/Button.tsx"
import { hasMod } from "../../../platform.ts"
import { inertBody } from "../../../trusted.ts"
import type { TemplateReply } from "../useReply.ts"
import styles from "./Templates.module.css"
import type { Item } from "./useTemplates.ts"

const said = laterWords.templates

interface FillingProps {
  item: Item
  contactName: string
  onInsert(html: string, text: string): void
  onSend(reply: TemplateReply): void
}

const textOf = (html: string): string => {
  const body = inertBody(html)
  for (const element of body.querySelectorAll("br, p, li, blockquote")) element.append("\n")
  return body.textContent?.trim() ?? ""
}

/** One item: its variables as a form, what it says as they are filled in, and what can be done with it. */
export function Filling({ item, contactName, onInsert, onSend }: FillingProps) {
  return item.kind === "template" ? (
    <FillingTemplate template={item.template} contactName={contactName} onInsert={onInsert} onSend={onSend} />
  ) : (
    <div className={styles.filling} data-filling>
      <div className={styles.preview} dir="auto">
        <Body html={item.html} />
      </div>
      <p className={styles.actions}>
        <Button look="primary" onClick={() => onInsert(item.html, textOf(item.html))}>
          {said.insert}
        </Button>
      </p>
    </div>
  )
}

type Template = Extract<Item, { kind: "template" }>["template"]
type Variable = Template["variable_mappings"][number]

const knownTypes = new Set(["text", "file", "image", "video"])
/** Whom one writes to is known; everything else is asked for. */
const isName = ({ name, type }: Variable): boolean =>
  type === "text" && /^(customer|contact|recipient)?\s*name$/i.test(name.trim())

function FillingTemplate({
  template,
  contactName,
  onInsert,
  onSend,
}: Omit<FillingProps, "item"> & { template: Template }) {
  const variables = template.variable_mappings
  const [values, setValues] = useState<ReadonlyMap<string, string>>(
    () => new Map(variables.map((one) => [one.uid, isName(one) ? contactName : ""])),
  )
  const missing = variables.filter(({ uid }) => (values.get(uid) ?? "").trim() === "")
  const [unmapped] = template.unmapped
  const isReady = template.state === "ready" && unmapped === undefined && missing.length === 0
  // What is not filled in yet stands as its name, in words.
  const shown = new Map(variables.map(({ uid, name }) => [uid, values.get(uid)?.trim() || `{{${name || uid}}}`]))
  const html = fillTemplate(template.preview, shown)

  function send(): void {
    if (!isReady) return
    const filled = variables.map(({ uid }) => ({ uid, value: values.get(uid)?.trim() ?? "" }))
    onSend({ body: html, text: textOf(html), template: { id: template.id, variables: filled } })
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.key !== "Enter") return
    event.preventDefault()
    if (hasMod(event)) {
      send()
      return
    }
    const inputs = [...event.currentTarget.querySelectorAll<HTMLElement>("input, button")]
    inputs[inputs.indexOf(event.target as HTMLElement) + 1]?.focus()
  }

  return (
    <div className={styles.filling} data-filling>
      {template.state !== "ready" && <p className={styles.problem}>{said.reason[template.state]}</p>}
      {unmapped !== undefined && <p className={styles.problem}>{said.unmapped(unmapped)}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter goes on to the next of its fields */}
      <div className={styles.fields} onKeyDown={onKeyDown}>
        {variables.map((one) => (
          <Field
            key={one.uid}
            variable={one}
            value={values.get(one.uid) ?? ""}
            onValue={(value) => setValues(new Map(values).set(one.uid, value))}
          />
        ))}
      </div>
      <section aria-label={said.preview} className={styles.preview} dir="auto">
        <Body html={html} />
      </section>
      <p className={styles.actions}>
        <Button aria-disabled={!isReady} onClick={() => isReady && onInsert(html, textOf(html))}>
          {said.insert}
        </Button>
        <Button look="primary" aria-disabled={!isReady} onClick={send}>
          {missing[0] === undefined || template.state !== "ready"
            ? said.send
            : said.needs(missing[0].name || missing[0].uid)}
        </Button>
      </p>
    </div>
  )
}

function Field({ variable, value, onValue }: { variable: Variable; value: string; onValue(value: string): void }) {
  const { uid, type, name } = variable
  const isAddress = type !== "text" && knownTypes.has(type)
  return (
    <label className={styles.field}>
      <span dir="auto">{name || uid}</span>
      <input
        type={isAddress ? "url" : "text"}
        dir={isAddress ? "ltr" : "auto"}
        required
        value={value}
        onChange={(event) => onValue(event.currentTarget.value)}
      />
      {isAddress && <small>{said.address[type as "file" | "image" | "video"]}</small>}
      {!knownTypes.has(type) && <small>{said.unknownType(type)}</small>}
      {isName(variable) && <small>{said.fromContact}</small>}
    </label>
  )
}
