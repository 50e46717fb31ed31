import { allScopes } from "@causeway/contract/scopes"
import { useState } from "react"
import { adminWords } from "../../admin-words.ts"
import styles from "./Admin.module.css"

const said = adminWords.tokens

/** What a program may do: everything, or the scopes that are ticked. In a form; `scopesIn` reads it. */
export function ScopeChoice({ given = allScopes }: { given?: readonly string[] }) {
  const [isAll, setIsAll] = useState(given.length === allScopes.length)
  return (
    <>
      <fieldset className={styles.choices}>
        <legend>{said.scopes}</legend>
        <label>
          <input type="radio" name="which" value="all" checked={isAll} onChange={() => setIsAll(true)} />
          <span>{said.all}</span>
        </label>
        <label>
          <input type="radio" name="which" value="some" checked={!isAll} onChange={() => setIsAll(false)} />
          <span>{said.some}</span>
        </label>
      </fieldset>
      {!isAll && (
        <fieldset className={`${styles.choices} ${styles.columns}`}>
          <legend className="said">{said.some}</legend>
          {allScopes.map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                name="scope"
                value={scope}
                defaultChecked={given.length < allScopes.length && given.includes(scope)}
              />
              <span dir="ltr">{scope}</span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}

export const scopesIn = (data: FormData): string[] =>
  data.get("which") === "all" ? [...allScopes] : data.getAll("scope").map(String)

export const scopesInWords = (scopes: readonly string[]): string =>
  scopes.length === allScopes.length ? said.all : said.scopeCount(scopes.length)
