import { countedMax } from "@causeway/contract/endpoints/contact-book"
import { searchCharsMax } from "@causeway/contract/limits"
import { useNavigate, useParams } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { type BookQuery, useLists } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { numberOf } from "../../format.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Book.module.css"
import { ChosenBar } from "./ChosenBar.tsx"
import { ExportContacts } from "./ExportContacts.tsx"
import { ListActions } from "./ListDialogs.tsx"
import { NewContact } from "./NewContact.tsx"
import { Rows } from "./Rows.tsx"
import textStyles from "./Text.module.css"
import { useAddress } from "./useAddress.ts"
import { useBook } from "./useBook.ts"

const said = contactsWords.book

/** The contacts of a list, or all of them: found by words, in order, one or several chosen. */
export function Book({ query }: { query: BookQuery }) {
  const book = useBook(query)
  const { role } = useWorkspace().session.teammate
  const list = useLists().data?.lists.find(({ id }) => id === query.list) ?? null
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<"new" | "export" | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen is of what was shown
  useEffect(() => setChosen(new Set()), [query.list, query.q])
  const canChange = role !== "observer"
  const title = list?.name ?? said.all
  return (
    <>
      <div className={styles.head}>
        <h1 dir="auto">{title}</h1>
        <output className={textStyles.total}>{book.total === null ? "" : totalOf(book.total)}</output>
        <span className={styles.actions}>
          {list !== null && canChange && <ListActions list={list} />}
          {role === "admin" && (
            <Button look="quiet" icon="file" onClick={() => setOpen("export")}>
              {contactsWords.exporting.open}
            </Button>
          )}
          {canChange && (
            <Button look="primary" icon="plus" onClick={() => setOpen("new")}>
              {contactsWords.newContact.open}
            </Button>
          )}
        </span>
      </div>
      <Find query={query} />
      <Outcome query={query} book={book} chosen={chosen} onChoose={canChange ? setChosen : null} />
      {chosen.size > 0 && (
        <ChosenBar
          chosen={book.entries.filter(({ id }) => chosen.has(id))}
          list={list}
          onEnd={() => setChosen(new Set())}
        />
      )}
      {open === "new" && <NewContact onClose={() => setOpen(null)} />}
      {open === "export" && (
        <ExportContacts
          query={query}
          what={query.q === "" ? title : `${title}, “${query.q}”`}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}

const totalOf = (total: number): string =>
  total >= countedMax ? said.atLeast(numberOf(countedMax)) : said.count(total)

/** Words and order; both are in the address. */
function Find({ query }: { query: BookQuery }) {
  const { address } = useAddress()
  const navigate = useNavigate()
  const { contactId } = useParams({ strict: false }) as { contactId?: string }
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(query.q)
  useEffect(() => setTyped(query.q), [query.q])
  useCommand("search", () => field.current?.focus(), 1)
  function look(change: { q?: string; by?: "change" }): void {
    const { q: _, by: __, ...rest } = address
    const search = { ...rest, ...change }
    if (contactId === undefined) void navigate({ to: "/contacts", search, replace: true })
    else void navigate({ to: "/contacts/$contactId", params: { contactId }, search, replace: true })
  }
  const kept = { ...(query.sort === "updated" && { by: "change" as const }), ...(query.q !== "" && { q: query.q }) }
  useEffect(() => {
    const wanted = typed.trim()
    if (wanted === query.q) return
    const timer = setTimeout(() => {
      const { q: _, ...others } = kept
      look({ ...others, ...(wanted !== "" && { q: wanted }) })
    }, 200)
    return () => clearTimeout(timer)
  })
  return (
    <search className={styles.find}>
      <input
        ref={field}
        type="search"
        dir="auto"
        value={typed}
        maxLength={searchCharsMax}
        aria-label={said.search}
        placeholder={said.search}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <label>
        <span>{said.sort}</span>
        <select
          value={query.sort}
          onChange={(event) => {
            const { by: _, ...others } = kept
            look({ ...others, ...(event.currentTarget.value === "updated" && { by: "change" as const }) })
          }}
        >
          {(["name", "updated"] as const).map((sort) => (
            <option key={sort} value={sort}>
              {said.sorts[sort]}
            </option>
          ))}
        </select>
      </label>
    </search>
  )
}

interface OutcomeProps {
  query: BookQuery
  book: ReturnType<typeof useBook>
  chosen: ReadonlySet<string>
  onChoose: ((chosen: ReadonlySet<string>) => void) | null
}

function Outcome({ query, book, chosen, onChoose }: OutcomeProps) {
  const navigate = useNavigate()
  if (book.state === "failed")
    return <Notice title={said.failed} text={words.unreachable.text} onRetry={() => void book.retry()} />
  if (book.state === "loading")
    return (
      <Late>
        <output className={textStyles.note}>{words.loading}</output>
        <Late afterMs={8_000}>
          <p className={textStyles.note}>{words.slow}</p>
        </Late>
      </Late>
    )
  if (book.entries.length > 0) return <Rows book={book} chosen={chosen} onChoose={onChoose} />
  if (query.q === "") {
    const [title, text] = query.list === null ? said.empty : said.emptyList
    return <Notice title={title as string} text={text as string} />
  }
  return (
    <Notice title={said.noneFound[0] as string} text={said.noneFound[1] as string}>
      <Button
        onClick={() =>
          void navigate({ to: "/contacts", search: query.list === null ? {} : { list: query.list }, replace: true })
        }
      >
        {said.clearSearch}
      </Button>
    </Notice>
  )
}
