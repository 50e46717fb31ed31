import { useEffect, useState } from "react"
import { sizeOf } from "../../format.ts"
import { clearOffline, type OfflineSize, offlineSize } from "../../offline/snapshot.ts"
import { Button } from "../../parts/Button.tsx"
import { settingsWords } from "../../settings-words.ts"
import { tell, useWorkspace } from "../../workspace.ts"
import styles from "./Settings.module.css"
import { Section } from "./Settings.tsx"

const said = settingsWords.settings

/** What this device keeps to be read without a network, and the way to remove it. What was written and not sent is never removed here. */
export function DeviceData() {
  const workspace = useWorkspace()
  const [size, setSize] = useState<OfflineSize | null>(null)
  useEffect(() => void offlineSize().then(setSize), [])
  const unsent = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "").filter(
    (key) => /^causeway\.(draft|outbox)\./.test(key),
  ).length
  async function clear(): Promise<void> {
    await clearOffline()
    setSize(await offlineSize())
    tell(workspace, said.cleared)
  }
  if (!workspace.session.keeps_on_device)
    return (
      <Section title={said.device} where="onDevice">
        <p>{said.deviceNothing}</p>
      </Section>
    )
  return (
    <Section title={said.device} where="onDevice">
      <p>{said.deviceText}</p>
      <p className={styles.size}>
        {size !== null &&
          (size.conversations === 0 ? said.keptNone : said.kept(size.conversations, sizeOf(size.bytes)))}
      </p>
      {unsent > 0 && <p className={styles.hint}>{said.unsent(unsent)}</p>}
      {size !== null && size.conversations > 0 && (
        <div>
          <Button onClick={() => void clear()}>{said.clear}</Button>
        </div>
      )}
    </Section>
  )
}
