import { useEffect, useRef, useState } from "react"
import { ApiError } from "../../api.ts"
import { type ContactDetail, useContact } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Avatar } from "../../parts/Avatar.tsx"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Calls } from "../Contact/Calls.tsx"
import contactStyles from "../Contact/Contact.module.css"
import { ContactName, Fields } from "../Contact/Fields.tsx"
import { Handles } from "../Contact/Handles.tsx"
import { Notes } from "../Contact/Notes.tsx"
import { Others } from "../Contact/Others.tsx"
import { SamePersons } from "../Contact/SamePerson.tsx"
import leavingStyles from "./Leaving.module.css"
import { Leaving } from "./Leaving.tsx"
import { Links } from "./Links.tsx"
import { MergeWith } from "./MergeWith.tsx"
import { OnLists } from "./OnLists.tsx"
import { nameOf } from "./Rows.tsx"
import textStyles from "./Text.module.css"

const said = contactsWords.book

/** One contact whole: everything that is known, changed where it stands. */
export function Detail({ id }: { id: string }) {
  const query = useContact(id, 0)
  if (query.data !== undefined) return <Whole detail={query.data} />
  if (query.error instanceof ApiError && query.error.status === 404)
    return <Notice title={said.gone[0] as string} text={said.gone[1] as string} />
  return query.isError ? (
    <Notice title={laterWords.contact.failed} text={words.unreachable.text} onRetry={() => void query.refetch()} />
  ) : (
    <Late>
      <output className={textStyles.note}>{words.loading}</output>
    </Late>
  )
}

function Whole({ detail }: { detail: ContactDetail }) {
  const { contact } = detail
  const { role } = useWorkspace().session.teammate
  const [isMerging, setIsMerging] = useState(false)
  const title = useRef<HTMLHeadingElement>(null)
  // Whoever opened it goes on here.
  useEffect(() => title.current?.focus(), [])
  const name = nameOf(contact)
  return (
    <div className={contactStyles.content}>
      <h2 ref={title} tabIndex={-1} className="said" data-contact-title dir="auto">
        {name}
      </h2>
      <div className={contactStyles.who}>
        <Avatar name={name} size={48} />
        <ContactName contact={contact} />
      </div>
      {contact.is_private && <p className={contactStyles.none}>{said.own}</p>}
      <SamePersons detail={detail} />
      <Handles detail={detail} />
      <Fields detail={detail} />
      <OnLists contact={contact} />
      <Links contact={contact} />
      <Notes detail={detail} />
      <Others detail={detail} openId={null} />
      <Calls detail={detail} />
      {role !== "observer" && (
        <>
          <Button icon="merge" className={leavingStyles.mergeWith ?? ""} onClick={() => setIsMerging(true)}>
            {contactsWords.joining.with}
          </Button>
          <Leaving contact={contact} />
        </>
      )}
      {isMerging && <MergeWith contact={contact} onEnd={() => setIsMerging(false)} />}
    </div>
  )
}
