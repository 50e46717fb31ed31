import { useEffect, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { Button } from "../../parts/Button.tsx"
import styles from "./Admin.module.css"
import { Problem } from "./Page.tsx"
import { sentenceOf, useChange } from "./resource.ts"

const said = adminWords.connect

type Listed = Awaited<ReturnType<typeof adminApi.addresses>>

/** Which of its account's addresses a channel is. */
export function Addresses({ id, onDone }: { id: string; onDone(status: "connected" | "choose_address"): void }) {
  const [listed, setListed] = useState<Listed | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [unread, setUnread] = useState<string | null>(null)
  const { run, isBusy, problem } = useChange()
  useEffect(() => {
    adminApi.addresses(id, null).then(setListed, (error: unknown) => setUnread(sentenceOf(error)))
  }, [id])

  async function readOn(pageToken: string): Promise<void> {
    const next = await run(() => adminApi.addresses(id, pageToken), null)
    if (next !== null && listed !== null)
      setListed({ addresses: [...listed.addresses, ...next.addresses], next_page_token: next.next_page_token })
  }
  async function take(address: string): Promise<void> {
    const answer = await run(() => adminApi.authenticate(id, { address }), null)
    if (answer !== null && answer.status !== "sign_in") onDone(answer.status)
  }
  if (listed === null) return <Problem text={unread} />
  if (listed.addresses.length === 0) return <p>{said.noAddresses}</p>
  return (
    <div className={styles.form}>
      <fieldset className={styles.choices}>
        <legend>{said.choose}</legend>
        <p className={styles.side}>{said.chooseText}</p>
        {listed.addresses.map(({ address, name }) => (
          <label key={address}>
            <input type="radio" name="address" checked={chosen === address} onChange={() => setChosen(address)} />
            <span dir="auto">
              {name ?? address} {name !== null && <small>{address}</small>}
            </span>
          </label>
        ))}
      </fieldset>
      {listed.next_page_token !== null && (
        <Button onClick={() => void readOn(listed.next_page_token as string)}>{said.more}</Button>
      )}
      <Problem text={problem} />
      <Button look="primary" disabled={chosen === null || isBusy} onClick={() => void take(chosen as string)}>
        {said.take}
      </Button>
    </div>
  )
}
