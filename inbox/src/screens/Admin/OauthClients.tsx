import type { OauthClientView } from "@causeway/contract/endpoints/oauth"
import { useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { serverNow } from "../../api.ts"
import { nameOfTeammate, useTeammates } from "../../directory.ts"
import { agoOf, fullTimeOf } from "../../format.ts"
import { type ClientSecret, integrationsApi } from "../../integrations-api.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Field } from "../../parts/Field.tsx"
import { Notice } from "../../parts/Notice.tsx"
import styles from "./Admin.module.css"
import { ConfirmDialog, FormDialog, ShownOnce } from "./Dialogs.tsx"
import { Loaded, Page } from "./Page.tsx"
import { useChange, useResource } from "./resource.ts"
import { ScopeChoice, scopesIn, scopesInWords } from "./Scopes.tsx"

const said = adminWords.oauth

/** Integrations that ask admins to agree: made, given their secret once, changed, ended. */
export default function OauthClients() {
  const clients = useResource("oauth-clients", integrationsApi.clients, { of: ["oauth_client"] })
  const [isMaking, setIsMaking] = useState(false)
  const [secret, setSecret] = useState<ClientSecret | null>(null)
  return (
    <Page
      title={adminWords.admin.sections["oauth-clients"]}
      lead={said.lead}
      actions={
        <Button look="primary" icon="plus" onClick={() => setIsMaking(true)}>
          {said.create}
        </Button>
      }
    >
      <Loaded from={clients}>
        {({ oauth_clients: list }) =>
          list.length === 0 ? (
            <Notice title={said.empty} text={said.emptyText} />
          ) : (
            <ul className={styles.rows}>
              {list.map((client) => (
                <Client key={client.client_id} client={client} onChanged={clients.reload} onSecret={setSecret} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isMaking && (
        <ClientForm
          client={null}
          onClose={() => setIsMaking(false)}
          onDone={(made) => {
            setIsMaking(false)
            setSecret(made)
            void clients.reload()
          }}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title={said.readyTitle}
          text={said.readyText}
          values={[
            { label: said.clientId, value: secret.client_id },
            { label: said.secret, value: secret.client_secret },
          ]}
          onClose={() => setSecret(null)}
        />
      )}
    </Page>
  )
}

interface ClientProps {
  client: OauthClientView
  onChanged(): unknown
  onSecret(secret: ClientSecret): void
}

function Client({ client, onChanged, onSecret }: ClientProps) {
  const [open, setOpen] = useState<"edit" | "rotate" | "end" | "remove" | null>(null)
  const { run, isBusy, problem } = useChange()
  const close = () => setOpen(null)
  const confirmed = async (work: () => Promise<unknown>) => {
    if ((await run(work)) === null) return
    close()
    await onChanged()
  }
  const rotate = async () => {
    const made = await run(() => integrationsApi.rotateClient(client.client_id), null)
    if (made === null) return
    close()
    onSecret(made)
  }
  const asked = {
    rotate: { title: said.rotateTitle, text: said.rotateText, action: said.rotate, work: rotate },
    end: {
      title: said.endTitle,
      text: said.endText,
      action: said.end,
      work: () => confirmed(() => integrationsApi.revokeGrants(client.client_id)),
    },
    remove: {
      title: said.removeTitle,
      text: said.removeText,
      action: said.remove,
      work: () => confirmed(() => integrationsApi.deleteClient(client.client_id)),
    },
  }
  const asking = open === null || open === "edit" ? null : asked[open]
  return (
    <li>
      <div className={styles.what}>
        <strong dir="auto">{client.name}</strong>
        <span>
          {scopesInWords(client.scopes)} ·{" "}
          {client.grants.length === 0 ? said.noGrants : said.grants(client.grants.length)} ·{" "}
          {said.made(agoOf(client.created_at, serverNow()))}
        </span>
      </div>
      <Button aria-label={`${said.edit}: ${client.name}`} onClick={() => setOpen("edit")}>
        {said.edit}
      </Button>
      <details className={styles.details}>
        <summary className={styles.side}>{said.more(client.name)}</summary>
        <div className={styles.section}>
          <CopyField label={said.clientId} value={client.client_id} />
          {client.grants.length > 0 && <Grants client={client} />}
          <div className={styles.filters}>
            <Button onClick={() => setOpen("rotate")}>{said.rotate}</Button>
            {client.grants.length > 0 && <Button onClick={() => setOpen("end")}>{said.end}</Button>}
            <Button icon="trash" onClick={() => setOpen("remove")}>
              {said.remove}
            </Button>
          </div>
        </div>
      </details>
      {open === "edit" && (
        <ClientForm
          client={client}
          onClose={close}
          onDone={() => {
            close()
            void onChanged()
          }}
        />
      )}
      {asking !== null && (
        <ConfirmDialog
          title={asking.title(client.name)}
          text={asking.text}
          action={asking.action}
          isBusy={isBusy}
          problem={problem}
          onConfirm={() => void asking.work()}
          onClose={close}
        />
      )}
    </li>
  )
}

function Grants({ client }: { client: OauthClientView }) {
  const { data: teammates = [] } = useTeammates()
  const nameOf = (id: string): string => {
    const person = teammates.find((each) => each.id === id)
    return person === undefined ? said.somebody : nameOfTeammate(person)
  }
  return (
    <div>
      <h2>{said.agreed}</h2>
      <ul className={styles.rows}>
        {client.grants.map((grant) => (
          <li key={grant.id}>
            <div className={styles.what}>
              <strong dir="auto">{nameOf(grant.teammate_id)}</strong>
              <span>
                {scopesInWords(grant.scopes)} · {said.agreedAt(fullTimeOf(grant.created_at))} ·{" "}
                {grant.last_used_at === null ? said.never : said.used(agoOf(grant.last_used_at, serverNow()))}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface ClientFormProps {
  /** null: a new one. */
  client: OauthClientView | null
  /** With the secret of a new one. */
  onDone(secret: ClientSecret | null): void
  onClose(): void
}

function ClientForm({ client, onDone, onClose }: ClientFormProps) {
  const { run, isBusy, problem } = useChange()
  async function save(data: FormData): Promise<void> {
    const body = {
      name: String(data.get("name")).trim(),
      redirect_uris: String(data.get("urls")).split(/\s+/).filter(Boolean),
      scopes: scopesIn(data),
      rotates_refresh_tokens: data.get("rotates") === "on",
    }
    if (client === null) {
      const made = await run(() => integrationsApi.createClient(body), null)
      if (made !== null) onDone(made)
      return
    }
    const changed = await run(() => integrationsApi.changeClient(client.client_id, body))
    if (changed !== null) onDone(null)
  }
  return (
    <FormDialog
      title={client === null ? said.title : said.editTitle(client.name)}
      submit={client === null ? said.make : said.save}
      isBusy={isBusy}
      problem={problem}
      onSubmit={(data) => void save(data)}
      onClose={onClose}
    >
      <Field
        name="name"
        label={said.name}
        hint={said.nameHint}
        autoComplete="off"
        maxLength={200}
        defaultValue={client?.name ?? ""}
        isFirst
      />
      <label className={styles.select}>
        <span>{said.urls}</span>
        <textarea name="urls" rows={3} dir="ltr" required defaultValue={client?.redirect_uris.join("\n") ?? ""} />
        <small>{said.urlsHint}</small>
      </label>
      <ScopeChoice {...(client !== null && { given: client.scopes })} />
      <div className={styles.choices}>
        <label>
          <input type="checkbox" name="rotates" defaultChecked={client?.rotates_refresh_tokens ?? true} />
          <span>
            {said.rotates} <small>{said.rotatesHint}</small>
          </span>
        </label>
      </div>
    </FormDialog>
  )
}
