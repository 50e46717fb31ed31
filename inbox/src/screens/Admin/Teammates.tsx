import type { Colleague } from "@causeway/contract/endpoints/teammates"
import { useState } from "react"
import { adminApi, type SingleUseLink } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { fullTimeOf } from "../../format.ts"
import { Avatar } from "../../parts/Avatar.tsx"
import { Button } from "../../parts/Button.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Admin.module.css"
import { ShownOnce } from "./Dialogs.tsx"
import { Invite, mailedText } from "./Invite.tsx"
import { Loaded, Page, Problem } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"
import { Sessions } from "./Sessions.tsx"

const said = adminWords.people
const roles = ["admin", "teammate", "observer"] as const

export const nameOf = (person: { first_name: string; last_name: string; email: string }): string =>
  `${person.first_name} ${person.last_name}`.trim() || person.email

/** Who works here: roles, invitations, sessions, and letting in or keeping out. */
export default function Teammates() {
  const teammates = useResource("teammates", adminApi.teammates, { of: ["teammate"] })
  const invitations = useResource("invitations", adminApi.invitations, { of: ["invitation"] })
  const [isInviting, setIsInviting] = useState(false)
  return (
    <Page
      title={adminWords.admin.sections.teammates}
      lead={said.lead}
      actions={
        <Button look="primary" icon="plus" onClick={() => setIsInviting(true)}>
          {said.invite}
        </Button>
      }
    >
      <Loaded from={teammates}>
        {({ teammates: people }) => (
          <ul className={styles.rows}>
            {people.map((person) => (
              <Person key={person.id} person={person} onChanged={teammates.reload} />
            ))}
          </ul>
        )}
      </Loaded>
      <Loaded from={invitations}>
        {(pending) => <Pending invitations={pending.invitations} onChanged={invitations.reload} />}
      </Loaded>
      {isInviting && (
        <Invite
          onClose={() => {
            setIsInviting(false)
            void invitations.reload()
          }}
        />
      )}
    </Page>
  )
}

function Person({ person, onChanged }: { person: Colleague; onChanged(): unknown }) {
  const { me } = useWorkspace()
  const { run, isBusy, problem } = useChange()
  const name = nameOf(person)
  const change = async (body: Parameters<typeof adminApi.changeTeammate>[1]) => {
    await run(() => adminApi.changeTeammate(person.id, body))
    await onChanged()
  }
  return (
    <li>
      <Avatar name={name} size={30} isFaded={person.is_blocked} />
      <div className={styles.what}>
        <strong dir="auto">
          {name} {person.id === me && <span className={styles.badge}>{said.you}</span>}{" "}
          {person.is_blocked && (
            <span className={styles.badge} data-state="fail">
              {said.blocked}
            </span>
          )}
        </strong>
        <span dir="auto">{person.email}</span>
      </div>
      <label className={styles.row}>
        <span className="said">{`${said.role}: ${name}`}</span>
        <select
          className={styles.inline}
          value={person.role}
          disabled={isBusy}
          onChange={(event) => void change({ role: event.currentTarget.value })}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {said.roles[role]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.row} title={said.developerHint}>
        <input
          type="checkbox"
          checked={person.is_developer}
          disabled={isBusy || person.role === "admin"}
          onChange={(event) => void change({ is_developer: event.currentTarget.checked })}
        />
        {said.developer}
      </label>
      <More person={person} name={name} isBusy={isBusy} onBlock={(blocked) => void change({ is_blocked: blocked })} />
      <Problem text={problem} />
    </li>
  )
}

interface MoreProps {
  person: Colleague
  name: string
  isBusy: boolean
  onBlock(isBlocked: boolean): void
}

function More({ person, name, isBusy, onBlock }: MoreProps) {
  const { run } = useChange()
  const [made, setMade] = useState<SingleUseLink | null>(null)
  const reset = async () => {
    const link = await run(() => adminApi.resetPassword(person.id), null)
    if (link !== null) setMade(link)
  }
  return (
    <details className={styles.details}>
      <summary className={styles.side}>{said.actions(name)}</summary>
      <div className={styles.filters}>
        <Button disabled={isBusy || person.is_blocked} onClick={() => void reset()}>
          {said.reset}
        </Button>
        <Button
          disabled={isBusy}
          onClick={() => void run(() => adminApi.endSessions(person.id, null), said.signedOut(name))}
        >
          {said.signOut}
        </Button>
        <Button disabled={isBusy} onClick={() => onBlock(!person.is_blocked)} title={said.blockText(name)}>
          {person.is_blocked ? said.unblock : said.block}
        </Button>
      </div>
      <Sessions teammateId={person.id} />
      {made !== null && (
        <ShownOnce
          title={said.resetTitle(name)}
          text={said.resetText + mailedText(made, person.email)}
          values={[{ label: said.link, value: made.url }]}
          onClose={() => setMade(null)}
        />
      )}
    </details>
  )
}

type Pending = Awaited<ReturnType<typeof adminApi.invitations>>["invitations"]

function Pending({ invitations, onChanged }: { invitations: Pending; onChanged(): unknown }) {
  const { run } = useChange()
  if (invitations.length === 0) return null
  return (
    <section className={styles.section}>
      <h2>{said.pending}</h2>
      <ul className={styles.rows}>
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <div className={styles.what}>
              <strong dir="auto">{invitation.email}</strong>
              <span>
                {said.roles[invitation.role]} · {said.pendingUntil(fullTimeOf(invitation.expires_at))}
              </span>
            </div>
            <Button
              aria-label={`${said.endInvitation}: ${invitation.email}`}
              onClick={() => void run(() => adminApi.endInvitation(invitation.id)).then(onChanged)}
            >
              {said.endInvitation}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
