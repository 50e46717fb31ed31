import { allScopes } from "@causeway/contract/scopes"
import { adminWords } from "../../admin-words.ts"
import { AllOrSome, chosenIn } from "./AllOrSome.tsx"

const said = adminWords.tokens

/** What a program may do: everything, or the scopes that are ticked. In a form; `scopesIn` reads it. */
export const ScopeChoice = ({ given = allScopes }: { given?: readonly string[] }) => (
  <AllOrSome
    legend={said.scopes}
    all={said.all}
    some={said.some}
    options={allScopes}
    given={given.length === allScopes.length ? null : given}
  />
)

export const scopesIn = (data: FormData): string[] => chosenIn(data) ?? [...allScopes]

export const scopesInWords = (scopes: readonly string[]): string =>
  scopes.length === allScopes.length ? said.all : said.scopeCount(scopes.length)
