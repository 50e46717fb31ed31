import { type AppView, type Feature, features } from "@causeway/contract/endpoints/apps"
import { useId, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { Button } from "../../parts/Button.tsx"
import admin from "../Admin/Admin.module.css"
import { Problem } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { changesBetween, type Manifest, manifestOf, printManifest, readManifest } from "./manifest.ts"
import { saveFile } from "./save-file.ts"

const said = developerWords.types

/** The manifest as a form and as text: two views of one object. What will change is shown before it is saved. */
export function ManifestEditor({ app, onChanged }: { app: AppView; onChanged(): unknown }) {
  const kept = manifestOf(app)
  const [view, setView] = useState<"form" | "text">("form")
  const [text, setText] = useState(() => printManifest(kept))
  const { run, isBusy, problem } = useChange()
  const read = readManifest(text)
  const changes = "manifest" in read ? changesBetween(kept, read.manifest) : []

  async function save(): Promise<void> {
    if (!("manifest" in read)) return
    const changed = Object.fromEntries(changes.map(({ name }) => [name, read.manifest[name as keyof Manifest]]))
    if ((await run(() => developerApi.changeApp(app.uid, changed))) !== null) await onChanged()
  }

  return (
    <section className={admin.section}>
      <h2>{said.manifest}</h2>
      <fieldset className={styles.tabs}>
        <legend className="said">{said.manifest}</legend>
        {(["form", "text"] as const).map((name) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
            {name === "form" ? said.asForm : said.asText}
          </button>
        ))}
      </fieldset>
      {view === "text" || !("manifest" in read) ? (
        <TextView text={text} onChange={setText} />
      ) : (
        <FormView manifest={{ ...kept, ...read.manifest }} onChange={(next) => setText(printManifest(next))} />
      )}
      {"problems" in read ? (
        <div className={admin.problem} role="alert">
          <ul>
            {read.problems.map(({ line, problem: sentence }) => (
              <li key={`${line} ${sentence}`}>{said.lineProblem(line, sentence)}</li>
            ))}
          </ul>
        </div>
      ) : (
        changes.length > 0 && <Changes changes={changes} />
      )}
      <Problem text={problem} />
      <div className={admin.filters}>
        <Button look="primary" disabled={isBusy || changes.length === 0} onClick={() => void save()}>
          {developerWords.shell.save}
        </Button>
        <Button onClick={() => saveFile(`${app.name}.yaml`, "text/yaml", text)}>{said.download}</Button>
      </div>
    </section>
  )
}

function TextView({ text, onChange }: { text: string; onChange(text: string): void }) {
  const id = useId()
  return (
    <div className={styles.editor}>
      <label htmlFor={id}>{said.textLabel}</label>
      <textarea
        id={id}
        dir="ltr"
        rows={Math.min(24, text.split("\n").length + 1)}
        spellCheck={false}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

function FormView({ manifest, onChange }: { manifest: Manifest; onChange(manifest: Manifest): void }) {
  const set = (change: Partial<Manifest>) => onChange({ ...manifest, ...change })
  const chosen: readonly Feature[] = manifest.features ?? []
  return (
    <div className={admin.page}>
      <div className={admin.filters}>
        <label className={admin.select}>
          <span>{said.name}</span>
          <input value={manifest.name} maxLength={200} onChange={(event) => set({ name: event.target.value })} />
        </label>
        <label className={`${admin.select} ${styles.wide}`}>
          <span>{said.url}</span>
          <input
            dir="ltr"
            value={manifest.webhook_url}
            maxLength={2000}
            onChange={(event) => set({ webhook_url: event.target.value })}
          />
        </label>
      </div>
      <div className={admin.filters}>
        <Select
          label={said.contactType}
          value={manifest.contact_type ?? "custom"}
          names={said.contactTypes}
          onChange={(value) => set({ contact_type: value })}
        />
        <Select
          label={said.composer}
          value={manifest.composer ?? "basic"}
          names={said.composers}
          onChange={(value) => set({ composer: value })}
        />
        {manifest.server_auth?.type !== "oauth2" && (
          <Select
            label={said.auth}
            value={(manifest.server_auth?.type ?? "none") as "none"}
            names={said.auths}
            onChange={(type) => set({ server_auth: { type } })}
          />
        )}
      </div>
      <fieldset className={`${admin.choices} ${admin.columns}`}>
        <legend>{said.features}</legend>
        {features.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) =>
                set({
                  features: features.filter((one) => (one === name ? event.target.checked : chosen.includes(one))),
                })
              }
            />
            <span>{said.featureNames[name]}</span>
          </label>
        ))}
      </fieldset>
      <div className={admin.choices}>
        <label>
          <input
            type="checkbox"
            checked={manifest.strict ?? false}
            onChange={(event) => set({ strict: event.target.checked })}
          />
          <span>{said.strict}</span>
        </label>
      </div>
    </div>
  )
}

interface SelectProps<T extends string> {
  label: string
  value: T
  names: Record<T, string>
  onChange(value: T): void
}

export function Select<T extends string>({ label, value, names, onChange }: SelectProps<T>) {
  return (
    <label className={admin.select}>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value as T)}>
        {Object.entries<string>(names).map(([name, sentence]) => (
          <option key={name} value={name}>
            {sentence}
          </option>
        ))}
      </select>
    </label>
  )
}

function Changes({ changes }: { changes: { name: string; before: string; after: string }[] }) {
  return (
    <table className={admin.diff}>
      <caption className="said">{said.changes}</caption>
      <tbody>
        {changes.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td dir="auto">
              <del>{before}</del>
            </td>
            <td dir="auto">
              <ins>{after}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
