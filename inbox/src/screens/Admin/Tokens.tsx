import { allScopes } from "@causeway/contract/scopes"
import { useId, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { serverNow } from "../../api.ts"
import { agoOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { Notice } from "../../parts/Notice.tsx"
import styles from "./Admin.module.css"
import { Loaded, Page, Problem } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"

const said = adminWords.tokens

type Token = Awaited<ReturnType<typeof adminApi.tokens>>["tokens"][number]

/** Tokens for programs: made, shown once, revoked. */
export default function Tokens() {
  const tokens = useResource("tokens", adminApi.tokens)
  const [isMaking, setIsMaking] = useState(false)
  const [revoking, setRevoking] = useState<Token | null>(null)
  const { run } = useChange()
  const revoke = async (token: Token) => {
    setRevoking(null)
    await run(() => adminApi.revokeToken(token.id))
    await tokens.reload()
  }
  return (
    <Page
      title={adminWords.admin.sections.tokens}
      lead={said.lead}
      actions={
        <Button look="primary" icon="plus" onClick={() => setIsMaking(true)}>
          {said.create}
        </Button>
      }
    >
      <Loaded from={tokens}>
        {({ tokens: list }) =>
          list.length === 0 ? (
            <Notice title={said.empty} text={said.emptyText} />
          ) : (
            <ul className={styles.rows}>
              {list.map((token) => (
                <li key={token.id}>
                  <div className={styles.what}>
                    <strong dir="auto">{token.name}</strong>
                    <span title={token.scopes.join("\n")}>
                      {token.scopes.length === allScopes.length ? said.all : said.scopeCount(token.scopes.length)}
                      {" · "}
                      {token.last_used_at === null ? said.never : said.used(agoOf(token.last_used_at, serverNow()))}
                    </span>
                  </div>
                  <Button aria-label={`${said.revoke}: ${token.name}`} onClick={() => setRevoking(token)}>
                    {said.revoke}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {isMaking && (
        <Make
          onClose={() => {
            setIsMaking(false)
            void tokens.reload()
          }}
        />
      )}
      {revoking !== null && (
        <Dialog
          title={said.revokeTitle(revoking.name)}
          onClose={() => setRevoking(null)}
          footer={
            <>
              <Button onClick={() => setRevoking(null)}>{adminWords.admin.cancel}</Button>
              <Button look="primary" onClick={() => void revoke(revoking)}>
                {said.revoke}
              </Button>
            </>
          }
        >
          <p>{said.revokeText}</p>
        </Dialog>
      )}
    </Page>
  )
}

function Make({ onClose }: { onClose(): void }) {
  const form = useId()
  const { run, isBusy, problem } = useChange()
  const [isAll, setIsAll] = useState(true)
  const [token, setToken] = useState<string | null>(null)

  async function make(data: FormData): Promise<void> {
    const scopes = isAll ? [...allScopes] : data.getAll("scope").map(String)
    const made = await run(() => adminApi.createToken({ name: String(data.get("name")).trim(), scopes }), null)
    if (made !== null) setToken(made.token)
  }

  if (token !== null)
    return (
      <Dialog
        title={said.readyTitle}
        onClose={onClose}
        footer={
          <Button look="primary" onClick={onClose}>
            {adminWords.admin.done}
          </Button>
        }
      >
        <p>{said.readyText}</p>
        <CopyField label={said.title} value={token} />
      </Dialog>
    )
  return (
    <Dialog
      title={said.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{adminWords.admin.cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {said.make}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.page}
        onSubmit={(event) => {
          event.preventDefault()
          void make(new FormData(event.currentTarget))
        }}
      >
        <Field name="name" label={said.name} hint={said.nameHint} autoComplete="off" maxLength={200} isFirst />
        <fieldset className={styles.choices}>
          <legend>{said.scopes}</legend>
          <label>
            <input type="radio" name="which" checked={isAll} onChange={() => setIsAll(true)} />
            <span>{said.all}</span>
          </label>
          <label>
            <input type="radio" name="which" checked={!isAll} onChange={() => setIsAll(false)} />
            <span>{said.some}</span>
          </label>
        </fieldset>
        {!isAll && (
          <fieldset className={`${styles.choices} ${styles.columns}`}>
            <legend className="said">{said.some}</legend>
            {allScopes.map((scope) => (
              <label key={scope}>
                <input type="checkbox" name="scope" value={scope} />
                <span dir="ltr">{scope}</span>
              </label>
            ))}
          </fieldset>
        )}
        <Problem text={problem} />
      </form>
    </Dialog>
  )
}
