import { useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { serverNow } from "../../api.ts"
import { agoOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Field } from "../../parts/Field.tsx"
import { Notice } from "../../parts/Notice.tsx"
import styles from "./Admin.module.css"
import { ConfirmDialog, FormDialog, ShownOnce } from "./Dialogs.tsx"
import { Loaded, Page } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"
import { ScopeChoice, scopesIn, scopesInWords } from "./Scopes.tsx"

const said = adminWords.tokens

type Token = Awaited<ReturnType<typeof adminApi.tokens>>["tokens"][number]

/** Tokens for programs: made, shown once, revoked. */
export default function Tokens() {
  const tokens = useResource("tokens", adminApi.tokens, { of: ["api_token"] })
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
                      {scopesInWords(token.scopes)}
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
        <ConfirmDialog
          title={said.revokeTitle(revoking.name)}
          text={said.revokeText}
          action={said.revoke}
          onConfirm={() => void revoke(revoking)}
          onClose={() => setRevoking(null)}
        />
      )}
    </Page>
  )
}

function Make({ onClose }: { onClose(): void }) {
  const { run, isBusy, problem } = useChange()
  const [token, setToken] = useState<string | null>(null)

  async function make(data: FormData): Promise<void> {
    const scopes = scopesIn(data)
    const made = await run(() => adminApi.createToken({ name: String(data.get("name")).trim(), scopes }), null)
    if (made !== null) setToken(made.token)
  }

  if (token !== null)
    return (
      <ShownOnce
        title={said.readyTitle}
        text={said.readyText}
        values={[{ label: said.title, value: token }]}
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={said.title}
      submit={said.make}
      isBusy={isBusy}
      problem={problem}
      onSubmit={(data) => void make(data)}
      onClose={onClose}
    >
      <Field name="name" label={said.name} hint={said.nameHint} autoComplete="off" maxLength={200} isFirst />
      <ScopeChoice />
    </FormDialog>
  )
}
