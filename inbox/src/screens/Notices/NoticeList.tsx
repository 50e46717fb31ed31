import { Link } from "@tanstack/react-router"
import { shortAgoOf, useNow } from "../../format.ts"
import type { Kept } from "../../notices/notices.ts"
import { unopened } from "../../notices/notices.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Notices.module.css"

const said = words.notices
const icons: Record<Kept["kind"], IconName> = {
  message: "reply",
  mention: "mine",
  assigned: "mine",
  note: "pen",
  failed: "failed",
  offline: "offline",
}

/** What was told, newest first, each leading to its conversation. */
export default function NoticeList({ onGo, onSettings }: { onGo(): void; onSettings(): void }) {
  const { notifier } = useWorkspace()
  const all = useValue(notifier.all)
  return (
    <div className={styles.list}>
      <h2>{said.title}</h2>
      {all.length === 0 && <p className={styles.none}>{said.none}</p>}
      <ul>
        {all.map((notice) => (
          <Line key={notice.key} notice={notice} onGo={onGo} />
        ))}
      </ul>
      <footer>
        {unopened(all) > 0 && (
          <Button look="quiet" onClick={notifier.openAll}>
            {said.openAll}
          </Button>
        )}
        <Button look="quiet" data-choose onClick={onSettings}>
          {said.settings}
        </Button>
      </footer>
    </div>
  )
}

function Line({ notice, onGo }: { notice: Kept; onGo(): void }) {
  const now = useNow(60_000)
  const content = (
    <>
      <Icon name={icons[notice.kind]} />
      <span className={styles.words}>
        <strong dir="auto">{said.sentence(said.kinds[notice.kind], notice.who)}</strong>
        <span dir="auto">{notice.text}</span>
      </span>
      <span className={styles.when}>
        <Time at={notice.at}>{shortAgoOf(notice.at, now)}</Time>
        {!notice.isOpened && <b>{said.new}</b>}
      </span>
    </>
  )
  return (
    <li data-new={!notice.isOpened || undefined}>
      {notice.conversationId === null ? (
        <div className={styles.line}>{content}</div>
      ) : (
        <Link
          to="/inbox/$view/$conversationId"
          params={{ view: "open", conversationId: notice.conversationId }}
          className={styles.line}
          onClick={onGo}
        >
          {content}
        </Link>
      )}
    </li>
  )
}
