import { type CSSProperties, useId, useRef } from "react"
import { attempt } from "../../actions.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { changePreferences, usePreferences } from "../../settings/preferences.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Composer.module.css"
import type { ReplyState, SendWay } from "./useReply.ts"

const said = words.writing
const ways = [
  ["send", said.sendOnly],
  ["archive", said.sendArchive],
  ["archive-stay", said.sendStay],
] as const satisfies readonly (readonly [SendWay, string])[]

/** The button that sends, and beside it the other ways to. */
export function Send({ reply, label }: { reply: ReplyState; label: string }) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const workspace = useWorkspace()
  const { sending } = usePreferences()
  const changeEnter = (on: boolean): Promise<boolean> =>
    attempt(workspace, () => changePreferences({ sending: { ...sending, enter_sends: on } }))
  return (
    <span className={styles.sending}>
      <Button type="submit" look="primary" aria-disabled={!reply.canSend} className={styles.send}>
        {reply.isWaiting ? said.waitForFiles : label}
      </Button>
      <Button
        look="primary"
        className={styles.ways}
        popoverTarget={id}
        aria-label={said.sendWays}
        title={said.sendWays}
        style={{ anchorName: "--send-ways" } as CSSProperties}
      >
        <Icon name="down" />
      </Button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        className={styles.menu}
        style={{ positionAnchor: "--send-ways" } as CSSProperties}
      >
        {ways.map(([way, name]) => (
          <button
            key={way}
            type="button"
            aria-disabled={!reply.canSend}
            onClick={() => {
              menu.current?.hidePopover()
              reply.send(way)
            }}
          >
            {name}
          </button>
        ))}
        <label className={styles.switch}>
          <input
            type="checkbox"
            role="switch"
            checked={sending.enter_sends}
            aria-checked={sending.enter_sends}
            onChange={({ currentTarget }) => void changeEnter(currentTarget.checked)}
          />
          {words.composer.enterSends}
        </label>
      </div>
    </span>
  )
}
