import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { useLists } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { numberOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import side from "../../parts/SideList.module.css"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { NewList } from "./ListDialogs.tsx"
import styles from "./ListNav.module.css"
import { useAddress } from "./useAddress.ts"

const link = `${side.link} ${styles.link}`

const said = contactsWords.book
/** The router marks a link as current by itself: only where nothing else is asked for. */
const exactly = { exact: true, includeSearch: true }

/** All contacts, who may be here twice, and each list with how many are on it. A column, or a strip above where there is no room. */
export function ListNav() {
  const { role } = useWorkspace().session.teammate
  const { address } = useAddress()
  const asked = useLists()
  const lists = asked.data?.lists ?? []
  const [isMaking, setIsMaking] = useState(false)
  const current = address.view ?? address.list ?? "all"
  const mark = (name: string) => (name === current ? ("page" as const) : undefined)
  return (
    <nav className={`${side.column} ${styles.nav}`} aria-label={said.nav} data-region="views">
      <Link to="/inbox/$view" params={{ view: "open" }} className={link}>
        <Icon name="back" /> {said.back}
      </Link>
      <Link to="/contacts" search={{}} className={link} activeOptions={exactly} aria-current={mark("all")}>
        <Icon name="person" /> {said.all}
      </Link>
      <Link
        to="/contacts"
        search={{ view: "similar" }}
        className={link}
        activeOptions={exactly}
        aria-current={mark("similar")}
      >
        <Icon name="merge" /> {said.similar}
      </Link>
      {role === "admin" && (
        <Link
          to="/contacts"
          search={{ view: "receipts" }}
          className={link}
          activeOptions={exactly}
          aria-current={mark("receipts")}
        >
          <Icon name="file" /> {contactsWords.erase.receipts}
        </Link>
      )}
      <div className={styles.navHead}>
        <h2>{said.lists}</h2>
        {role !== "observer" && (
          <Button
            look="quiet"
            icon="plus"
            aria-label={contactsWords.lists.newTitle}
            title={contactsWords.lists.newTitle}
            onClick={() => setIsMaking(true)}
          />
        )}
      </div>
      {lists.map((list) => (
        <Link
          key={list.id}
          to="/contacts"
          search={{ list: list.id }}
          className={link}
          activeOptions={exactly}
          aria-current={mark(list.id)}
        >
          <Icon name={list.is_private ? "mine" : "bulleted"} />
          <span className={styles.name} dir="auto">
            {list.name}
          </span>
          {list.is_private && <span className="said">{said.own}</span>}
          <span className={side.count}>{numberOf(list.contact_count)}</span>
        </Link>
      ))}
      {asked.isError && lists.length === 0 && (
        <p role="alert" className={styles.failed}>
          {words.failedLoad.list}
          <Button look="quiet" onClick={() => void asked.refetch()}>
            {words.retry}
          </Button>
        </p>
      )}
      {isMaking && <NewList onClose={() => setIsMaking(false)} />}
    </nav>
  )
}
