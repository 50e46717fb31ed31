import { useQueryClient } from "@tanstack/react-query"
import { memo, useId } from "react"
import { api } from "../../api.ts"
import { runCommand, useCommand } from "../../keys/useCommand.ts"
import { clearOffline } from "../../offline/snapshot.ts"
import { initialsOf } from "../../parts/Avatar.tsx"
import { Button } from "../../parts/Button.tsx"
import { words } from "../../words.ts"
import { tellProblem, useWorkspace } from "../../workspace.ts"
import styles from "./Account.module.css"

/** Who is signed in, the keys, and the way out. */
export const Account = memo(function Account() {
  const id = useId()
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const { teammate } = workspace.session
  const name = `${teammate.first_name} ${teammate.last_name}`.trim() || teammate.email

  async function signOut(): Promise<void> {
    // Without a network nobody is signed in here all the same.
    await api.signOut().catch((error: unknown) => tellProblem(workspace, error))
    await queries.resetQueries()
    // What the screens were still about to keep.
    await clearOffline()
  }
  useCommand("signOut", () => void signOut())
  return (
    <div className={styles.account}>
      <button type="button" className={styles.face} popoverTarget={id} title={name} aria-haspopup="dialog">
        <span aria-hidden="true">{initialsOf(name)}</span>
        <span className="said">{words.account.open(name)}</span>
      </button>
      <div id={id} popover="auto" className={styles.menu} role="dialog" aria-label={words.account.open(name)}>
        <p className={styles.who}>
          <span>{words.account.signedInAs}</span>
          <strong dir="auto">{name}</strong>
          <span dir="auto">{teammate.email}</span>
        </p>
        <Button look="quiet" popoverTarget={id} popoverTargetAction="hide" onClick={() => void runCommand("keys")}>
          {words.account.keys}
        </Button>
        <Button look="quiet" onClick={() => void runCommand("goContacts")}>
          {words.account.contacts}
        </Button>
        <Button look="quiet" onClick={() => void runCommand("goSettings")}>
          {words.commands.goSettings}
        </Button>
        <Button look="quiet" onClick={() => void runCommand("goAdmin")}>
          {words.account.admin}
        </Button>
        {(teammate.role === "admin" || teammate.is_developer) && (
          <Button look="quiet" onClick={() => void runCommand("goDeveloper")}>
            {words.commands.goDeveloper}
          </Button>
        )}
        <Button look="quiet" onClick={signOut}>
          {words.account.signOut}
        </Button>
      </div>
    </div>
  )
})
