import { useState } from "react"
import { adminApi, type SingleUseLink } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { Field } from "../../parts/Field.tsx"
import styles from "./Admin.module.css"
import { FormDialog, ShownOnce } from "./Dialogs.tsx"
import { useChange, useResource } from "./resource.ts"

const said = adminWords.people
const roles = ["teammate", "admin", "observer"] as const

/** What is said after how long a link works: whether it was mailed, too. */
export function mailedText({ mail }: SingleUseLink, email: string): string {
  if (mail === "off") return ""
  return ` ${mail === "sent" ? said.mailed(email) : said.notMailed}`
}

/** Asks whom and as what, then shows the link, once. */
export function Invite({ onClose }: { onClose(): void }) {
  const { run, isBusy, problem } = useChange()
  const [made, setMade] = useState<{ link: SingleUseLink; email: string } | null>(null)
  const inboxes = useResource("inboxes", adminApi.inboxes)
  const closed = (inboxes.data?._results ?? []).filter((inbox) => !inbox.is_public)

  async function create(data: FormData): Promise<void> {
    const email = String(data.get("email")).trim()
    const role = String(data.get("role")) as (typeof roles)[number]
    const body = {
      email,
      role,
      is_developer: data.get("developer") === "on",
      inbox_ids: data.getAll("inbox").map(String),
    }
    const link = await run(() => adminApi.invite(body), null)
    if (link !== null) setMade({ link, email })
  }

  if (made !== null)
    return (
      <ShownOnce
        title={said.linkTitle}
        text={said.linkText(made.email) + mailedText(made.link, made.email)}
        values={[{ label: said.link, value: made.link.url }]}
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={said.inviteTitle}
      submit={said.create}
      isBusy={isBusy}
      problem={problem}
      onSubmit={(data) => void create(data)}
      onClose={onClose}
    >
      <Field name="email" label={said.email} type="email" autoComplete="off" maxLength={320} isFirst />
      <fieldset className={styles.choices}>
        <legend>{said.role}</legend>
        {roles.map((role) => (
          <label key={role}>
            <input type="radio" name="role" value={role} defaultChecked={role === "teammate"} />
            <span>
              {said.roles[role]} <small>{said.roleHints[role]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>{said.developer}</legend>
        <label>
          <input type="checkbox" name="developer" />
          <span>{said.developerHint}</span>
        </label>
      </fieldset>
      {closed.length > 0 && (
        <fieldset className={styles.choices}>
          <legend>{said.inboxes}</legend>
          {closed.map((inbox) => (
            <label key={inbox.id}>
              <input type="checkbox" name="inbox" value={inbox.id} />
              <span dir="auto">{inbox.name}</span>
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  )
}
