import { useEffect } from "react"
import type { Unseen } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./Composer.module.css"

const said = words.writing
/** As long as what came in may take to be drawn, ms. */
const drawnMs = 5_000

/** Why the reply was held back: what came in meanwhile, which is scrolled into view and marked New until the reply is sent. */
export function UnseenNotice({ unseen }: { unseen: Unseen }) {
  const { newcomers } = unseen
  useEffect(() => {
    const marked = new Set<HTMLElement>()
    function mark(): void {
      for (const { id } of newcomers) {
        const item = document.getElementById(id)
        if (item === null || marked.has(item)) continue
        if (marked.size === 0) item.scrollIntoView({ block: "center" })
        item.dataset.new = said.isNew
        marked.add(item)
      }
      if (marked.size === newcomers.length) watcher.disconnect()
    }
    const watcher = new MutationObserver(mark)
    watcher.observe(document.body, { childList: true, subtree: true })
    const timer = setTimeout(() => watcher.disconnect(), drawnMs)
    mark()
    return () => {
      clearTimeout(timer)
      watcher.disconnect()
      for (const item of marked) delete item.dataset.new
    }
  }, [newcomers])
  const names = [...new Set(newcomers.map(({ by }) => by))].join(", ")
  return (
    <div role="alert" className={styles.notice}>
      <Icon name="failed" />
      <span>
        <strong>{said.unseen(newcomers.length)}</strong> <span dir="auto">{said.unseenBy(names)}</span>
      </span>
      <Button
        look="quiet"
        onClick={() => document.getElementById(newcomers[0]?.id ?? "")?.scrollIntoView({ block: "center" })}
      >
        {said.show}
      </Button>
    </div>
  )
}
