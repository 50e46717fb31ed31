import { Link, useSearch as useAddress, useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { useCommand } from "../../keys/useCommand.ts"
import { laterWords } from "../../later-words.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { operators, type Typed, withoutFilter } from "./query.ts"
import { LocalRows, Results } from "./Results.tsx"
import styles from "./Search.module.css"
import { type Found, useSearch } from "./useSearch.ts"

const said = laterWords.search

/** One field; what its operators narrow the search to stands below it, then what was found by kind. The address keeps what was looked for. */
export default function SearchScreen() {
  const { q = "" } = useAddress({ strict: false })
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(q)
  const { typed, known, found } = useSearch(text)
  const leave = (): void => void navigate({ to: "/inbox/$view", params: { view: "open" } })
  function look(next: string): void {
    setText(next)
    void navigate({ to: "/search", search: next === "" ? {} : { q: next }, replace: true })
  }
  useCommand("search", () => field.current?.select(), 1)
  useCommand("leave", leave)
  useEffect(() => {
    document.title = `${words.list.search} · ${words.product}`
  }, [])
  function add(operator: string): void {
    look(`${text.trimEnd()} ${operator}:`.trimStart())
    field.current?.focus()
  }
  return (
    <main className={styles.screen}>
      <h1 className="said">{words.list.search}</h1>
      <search className={styles.head}>
        <Link to="/inbox/$view" params={{ view: "open" }} className={styles.back} aria-label={words.conversation.back}>
          <Icon name="back" size={20} />
        </Link>
        <input
          ref={field}
          type="search"
          // biome-ignore lint/a11y/noAutofocus: who comes here comes to type
          autoFocus
          value={text}
          aria-label={words.list.search}
          placeholder={said.placeholder}
          onChange={(event) => look(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && text === "" && leave()}
          dir="auto"
        />
      </search>
      <Chips typed={typed} known={known} onTake={(index) => look(withoutFilter(typed, index))} />
      <fieldset className={styles.operators}>
        <legend className="said">{said.narrow}</legend>
        {operators.map((name) => (
          <button key={name} type="button" dir="ltr" title={said.hints[name]} onClick={() => add(name)}>
            {name}:
          </button>
        ))}
      </fieldset>
      <div className={styles.found}>
        <Outcome found={found} typed={typed} onTake={(index) => look(withoutFilter(typed, index))} />
      </div>
    </main>
  )
}

interface ChipsProps {
  typed: Typed
  known: readonly boolean[]
  onTake(index: number): void
}

/** What the search is narrowed to, each with its way off; what names nothing says so. */
function Chips({ typed, known, onTake }: ChipsProps) {
  if (typed.filters.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={words.list.narrowed}>
      {typed.filters.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand there twice
        <li key={index}>
          <button type="button" data-unknown={!known[index] || undefined} onClick={() => onTake(index)}>
            <span>
              {name}: <bdi>{value}</bdi>
            </span>
            {!known[index] && <em>{said.unknown}</em>}
            <Icon name="close" size={12} />
            <span className="said">{words.list.takeOff}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Outcome({ found, typed, onTake }: { found: Found; typed: Typed; onTake(index: number): void }) {
  switch (found.state) {
    case "nothing-asked":
      return <Notice title={said.begin[0]} text={said.begin[1]} />
    case "loading":
      return (
        <Late>
          <output className={styles.note}>{said.looking}</output>
          <Late afterMs={8_000}>
            <p className={styles.note}>{words.slow}</p>
          </Late>
        </Late>
      )
    case "failed":
      return <Notice title={words.failedLoad.list} text={words.unreachable.text} onRetry={found.retry} />
    case "local":
      return <LocalRows rows={found.rows} />
    case "found": {
      const { messages, conversations, contacts, calls, is_partial: isPartial } = found.results
      const count = messages.length + conversations.length + contacts.length + calls.length
      return (
        <>
          <output className="said">{said.count(count)}</output>
          {isPartial && <p className={styles.note}>{said.partial}</p>}
          {count === 0 && !found.isOld ? (
            <Notice title={said.none[0]} text={said.none[1]}>
              {typed.filters.map(({ name, value }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may stand there twice
                <button key={index} type="button" className={styles.without} onClick={() => onTake(index)}>
                  {said.without(`${name}:${value}`)}
                </button>
              ))}
            </Notice>
          ) : (
            <Results results={found.results} />
          )}
        </>
      )
    }
  }
}
