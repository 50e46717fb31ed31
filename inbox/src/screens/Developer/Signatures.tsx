import type { SignatureFinding } from "@causeway/contract/endpoints/developer"
import { useSearch } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { numberOf, spanOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import admin from "../Admin/Admin.module.css"
import { Loaded, Page, Problem } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import type { DeveloperSearch } from "./sections.ts"

const said = developerWords.signatures

/** Why a signature does not hold: of a delivery, or of what is pasted. */
export default function Signatures() {
  const { id } = useSearch({ strict: false }) as DeveloperSearch
  const apps = useResource("apps", developerApi.apps)
  const [from, setFrom] = useState<"delivery" | "pasted">("delivery")
  const [finding, setFinding] = useState<SignatureFinding | null>(null)
  const { run, isBusy, problem } = useChange()

  async function inspect(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = (name: string) => {
      const value = String(form.get(name) ?? "")
      return value === "" ? {} : { [name]: name === "body" ? value : value.trim() }
    }
    const names = from === "delivery" ? ["delivery_id", "computed"] : ["app_uid", "timestamp", "body", "computed"]
    setFinding(await run(() => developerApi.inspect(Object.assign({}, ...names.map(given))), null))
  }
  return (
    <Page title={developerWords.shell.sections.signatures} lead={said.lead}>
      <form className={admin.page} onSubmit={(event) => void inspect(event)}>
        <fieldset className={styles.tabs}>
          <legend className="said">{said.from}</legend>
          {(["delivery", "pasted"] as const).map((name) => (
            <button key={name} type="button" aria-pressed={from === name} onClick={() => setFrom(name)}>
              {said[name]}
            </button>
          ))}
        </fieldset>
        {from === "delivery" ? (
          <label className={`${admin.select} ${styles.wide}`}>
            <span>{said.deliveryId}</span>
            <input name="delivery_id" dir="ltr" placeholder="dlv_…" defaultValue={id ?? ""} required maxLength={300} />
          </label>
        ) : (
          <>
            <Loaded from={apps}>
              {({ apps: list }) => (
                <label className={admin.select}>
                  <span>{said.app}</span>
                  <select name="app_uid" required>
                    {list.map(({ uid, name }) => (
                      <option key={uid} value={uid}>
                        {name}
                      </option>
                    ))}
                  </select>
                </label>
              )}
            </Loaded>
            <label className={admin.select}>
              <span>{said.timestamp}</span>
              <input name="timestamp" dir="ltr" inputMode="numeric" required maxLength={30} />
            </label>
            <label className={styles.editor}>
              <span>{said.body}</span>
              <textarea name="body" dir="ltr" rows={6} spellCheck={false} required />
            </label>
          </>
        )}
        <label className={`${admin.select} ${styles.wide}`}>
          <span>{from === "delivery" ? said.computed : said.header}</span>
          <input name="computed" dir="ltr" maxLength={500} required={from === "pasted"} />
        </label>
        <div>
          <Button type="submit" look="primary" disabled={isBusy}>
            {said.inspect}
          </Button>
        </div>
        <Problem text={problem} />
      </form>
      <div aria-live="polite">{finding !== null && <Finding finding={finding} />}</div>
    </Page>
  )
}

function Finding({ finding }: { finding: SignatureFinding }) {
  const holds = finding.is_equal && finding.mistake === null
  const mistake = finding.mistake === null ? null : said.mistakes[finding.mistake]
  return (
    <div className={holds ? admin.good : admin.problem}>
      <h2>{finding.is_equal ? said.equal : said.different}</h2>
      {mistake !== null && (
        <>
          <p>{mistake[0]}</p>
          <p>
            <strong>{said.fix}:</strong> {mistake[1]}
          </p>
        </>
      )}
      <div className={styles.finding}>
        <CopyField label={said.expected} value={finding.expected} />
        <CopyField label={`${said.base} · ${said.bytes(numberOf(finding.bytes))}`} value={finding.base} />
        {finding.skew_ms !== null && <p>{said.skew(spanOf(Math.abs(finding.skew_ms) / 1000))}</p>}
      </div>
    </div>
  )
}
