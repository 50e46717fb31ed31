import type { PresentTeammate } from "@causeway/contract/inbox-presence"
import { useEffect, useRef, useState, useSyncExternalStore } from "react"
import { Avatar } from "../../../parts/Avatar.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import styles from "./Presence.module.css"

const said = words.presence
const nobody: readonly PresentTeammate[] = []

/** The colleagues at a conversation, not oneself; drawn again only when this conversation's change. */
export function useColleagues(conversationId: string): readonly PresentTeammate[] {
  const { presence, me } = useWorkspace()
  const all = useSyncExternalStore(presence.people.subscribe, () => presence.people.get().get(conversationId) ?? nobody)
  return all.filter(({ id }) => id !== me)
}

/** Tells colleagues that one is here for as long as it is shown, and shows who else is. Read out only when somebody starts to reply. */
export function Presence({ conversationId }: { conversationId: string }) {
  const { presence } = useWorkspace()
  const colleagues = useColleagues(conversationId)
  useEffect(() => {
    presence.enter(conversationId)
    return () => presence.enter(null)
  }, [presence, conversationId])
  return (
    <>
      <output className="said">{useStarted(colleagues)}</output>
      {colleagues.length > 0 && (
        <ul className={styles.people} aria-label={said.label}>
          {colleagues.map((person) => (
            <li key={person.id} data-state={person.state} className={styles.person}>
              <Avatar name={person.name} isFaded={person.state === "away"} />
              <span dir="auto">{said.one(person.name, said[person.state])}</span>
              {person.state === "replying" && <Icon name="pen" size={13} />}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** The sentence for whoever has just started to reply; stays until somebody else does. */
function useStarted(colleagues: readonly PresentTeammate[]): string {
  const [sentence, setSentence] = useState("")
  const before = useRef<readonly string[]>([])
  const replying = colleagues.filter(({ state }) => state === "replying")
  const key = replying.map(({ id }) => id).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says who replies; the list is new each time
  useEffect(() => {
    const started = replying.find(({ id }) => !before.current.includes(id))
    before.current = replying.map(({ id }) => id)
    if (started !== undefined) setSentence(said.started(started.name))
    else if (replying.length === 0) setSentence("")
  }, [key])
  return sentence
}

/** The same in a row of the list: the busiest colleague, and how many more there are. */
export function RowPresence({ conversationId }: { conversationId: string }) {
  const [first, ...others] = useColleagues(conversationId)
  if (first === undefined) return null
  return (
    <span className={styles.row} data-state={first.state}>
      <span className="said">, </span>
      <Avatar name={first.name} size={18} isFaded={first.state === "away"} />
      <span className="said">{first.name} </span>
      {said[first.state]}
      {others.length > 0 && <span>+{others.length}</span>}
    </span>
  )
}
