import type { Erasure } from "@causeway/contract/endpoints/erasures"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { bookKey, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { fullTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import bookStyles from "./Book.module.css"
import pairStyles from "./Pairs.module.css"
import { downloadReceipt } from "./receipt.ts"
import textStyles from "./Text.module.css"

const said = contactsWords.erase

/** The receipts of erasures; for admins, which the server makes sure of. */
export function Receipts() {
  const { role } = useWorkspace().session.teammate
  return (
    <>
      <div className={bookStyles.head}>
        <h1>{said.receipts}</h1>
      </div>
      <p className={textStyles.lead}>{said.receiptsLead}</p>
      {role === "admin" ? <All /> : <Notice title={said.onlyAdmins[0] as string} text={said.onlyAdmins[1] as string} />}
    </>
  )
}

function All() {
  const found = useQuery({ queryKey: [...bookKey, "erasures"], queryFn: contacts.erasures })
  if (found.data === undefined)
    return found.isError ? (
      <Notice title={contactsWords.book.failed} text={words.unreachable.text} onRetry={() => void found.refetch()} />
    ) : (
      <Late>
        <output className={textStyles.note}>{words.loading}</output>
      </Late>
    )
  if (found.data.erasures.length === 0)
    return <Notice title={said.noReceipts[0] as string} text={said.noReceipts[1] as string} />
  return (
    <div className={bookStyles.scroller}>
      <ul className={pairStyles.pairs}>
        {found.data.erasures.map((erasure) => (
          <Receipt key={erasure.id} erasure={erasure} />
        ))}
      </ul>
    </div>
  )
}

function Receipt({ erasure }: { erasure: Erasure }) {
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <li>
      <strong>{said.on(fullTimeOf(erasure.erased_at))}</strong>
      <code className={textStyles.side}>{erasure.contact_id}</code>
      <span className={bookStyles.actions}>
        <Button
          icon="file"
          aria-label={said.download(erasure.contact_id)}
          onClick={() => void downloadReceipt(erasure).catch((error: unknown) => setProblem(unreadOf(error)))}
        >
          {said.receipt}
        </Button>
      </span>
      {problem !== null && (
        <p role="alert" className={textStyles.problem}>
          {problem}
        </p>
      )}
    </li>
  )
}
