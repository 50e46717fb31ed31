import { lazy, Suspense, useEffect, useState } from "react"
import { unopened } from "../../notices/notices.ts"
import { Popover } from "../../parts/Popover.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Notices.module.css"

const said = words.notices
const NoticeList = lazy(() => import("./NoticeList.tsx"))
const SettingsDialog = lazy(() => import("./SettingsDialog.tsx"))

/** How many notifications there are, and what opens their list. `conversationId`: what this tab shows, of which nothing is news. */
export function Bell({ conversationId }: { conversationId: string | null }) {
  const { notifier } = useWorkspace()
  const count = unopened(useValue(notifier.all))
  const [isChoosing, setIsChoosing] = useState(false)
  useEffect(() => {
    notifier.show(conversationId)
    return () => notifier.show(null)
  }, [notifier, conversationId])
  return (
    <>
      <Popover
        command="notifications"
        icon="bell"
        look="quiet"
        label={said.label(count)}
        className={styles.bell}
        text={
          <>
            <span className="said">{said.label(count)}</span>
            {count > 0 && (
              <span className={styles.count} aria-hidden="true">
                {count}
              </span>
            )}
          </>
        }
      >
        {(close) => (
          <Suspense fallback={<output>{words.loading}</output>}>
            <NoticeList
              onGo={close}
              onSettings={() => {
                close()
                setIsChoosing(true)
              }}
            />
          </Suspense>
        )}
      </Popover>
      {isChoosing && (
        <Suspense fallback={null}>
          <SettingsDialog onClose={() => setIsChoosing(false)} />
        </Suspense>
      )}
    </>
  )
}
