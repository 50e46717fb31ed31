import type { SimilarPair } from "@causeway/contract/endpoints/contact-book"
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { bookKey, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { MergeContacts } from "../Contact/MergeContacts.tsx"
import { useContactChange } from "../Contact/useContactChange.ts"
import bookStyles from "./Book.module.css"
import pairStyles from "./Pairs.module.css"
import { handlesBelow, nameOf } from "./Rows.tsx"
import textStyles from "./Text.module.css"
import { useAddress } from "./useAddress.ts"

const said = contactsWords.similar

/** Pairs who may be one person: merged, or said to be two. */
export function Similar() {
  const pairs = useQuery({ queryKey: [...bookKey, "similar"], queryFn: contacts.similar })
  return (
    <>
      <div className={bookStyles.head}>
        <h1>{contactsWords.book.similar}</h1>
      </div>
      <p className={textStyles.lead}>{said.lead}</p>
      {pairs.data !== undefined ? (
        <Pairs pairs={pairs.data.pairs} />
      ) : pairs.isError ? (
        <Notice title={contactsWords.book.failed} text={words.unreachable.text} onRetry={() => void pairs.refetch()} />
      ) : (
        <Late>
          <output className={textStyles.note}>{words.loading}</output>
        </Late>
      )}
    </>
  )
}

function Pairs({ pairs }: { pairs: readonly SimilarPair[] }) {
  const [asked, setAsked] = useState<SimilarPair | null>(null)
  if (pairs.length === 0) return <Notice title={said.none[0] as string} text={said.none[1] as string} />
  return (
    <div className={bookStyles.scroller}>
      <ul className={pairStyles.pairs}>
        {pairs.map((pair) => (
          <Pair key={`${pair.contact.id} ${pair.other.id}`} pair={pair} onCompare={() => setAsked(pair)} />
        ))}
      </ul>
      {asked !== null && <MergeContacts people={[asked.contact, asked.other]} onEnd={() => setAsked(null)} />}
    </div>
  )
}

function Pair({ pair, onCompare }: { pair: SimilarPair; onCompare(): void }) {
  const { contact, other, matches, has_same_name: hasSameName } = pair
  const change = useContactChange(contact.id)
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const { address } = useAddress()
  const names = `${nameOf(contact)} · ${nameOf(other)}`
  const tellApart = () =>
    change(
      () => contacts.different(contact.id, other.id, true),
      said.said(nameOf(contact), nameOf(other)),
      () => contacts.different(contact.id, other.id, false),
    )
  return (
    <li>
      <div className={pairStyles.two}>
        {[contact, other].map((one) => (
          <Link key={one.id} to="/contacts/$contactId" params={{ contactId: one.id }} search={address}>
            <strong dir="auto">{nameOf(one)}</strong>
            <span className={textStyles.side} dir="auto">
              {handlesBelow(one).join(" · ") || contactsWords.book.unnamed}
            </span>
          </Link>
        ))}
      </div>
      <p>{matches.length > 0 ? said.handles(matches.join(", ")) : hasSameName && said.name}</p>
      {!isReadOnly && (
        <span className={bookStyles.actions}>
          <Button aria-label={`${said.compare}: ${names}`} onClick={onCompare}>
            {said.compare}
          </Button>
          <Button look="quiet" aria-label={`${said.different}: ${names}`} onClick={() => void tellApart()}>
            {said.different}
          </Button>
        </span>
      )}
    </li>
  )
}
