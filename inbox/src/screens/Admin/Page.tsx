import { type ReactNode, useEffect } from "react"
import { adminWords } from "../../admin-words.ts"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import styles from "./Admin.module.css"

interface PageProps {
  title: string
  lead: string
  actions?: ReactNode
  children: ReactNode
}

/** One page of the administration: what it is about, what can be done, and its content. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${words.product}`
  }, [title])
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>{title}</h1>
          <p>{lead}</p>
        </div>
        {actions}
      </header>
      {children}
    </div>
  )
}

interface LoadedProps<T> {
  from: { data: T | undefined; error: unknown; reload(): unknown }
  children(data: T): ReactNode
}

/** What was asked for, once it is there; else that it is on its way, or that it did not come and can be asked for again. */
export function Loaded<T>({ from: { data, error, reload }, children }: LoadedProps<T>) {
  if (data !== undefined) return <>{children(data)}</>
  if (error) return <Notice title={adminWords.admin.unloaded} text={unreadOf(error)} onRetry={() => void reload()} />
  return (
    <Late>
      <output>{words.loading}</output>
    </Late>
  )
}

/** Said beside what was tried, for as long as it is so. */
export const Problem = ({ text }: { text: string | null }) =>
  text === null ? null : (
    <p role="alert" className={styles.problem}>
      {text}
    </p>
  )
