import type { ReactNode } from "react"
import { words } from "../words.ts"
import { Button } from "./Button.tsx"
import styles from "./Notice.module.css"

interface NoticeProps {
  title: string
  text: string
  level?: 1 | 2 | 3
  onRetry?: () => void
  children?: ReactNode
}

/** An empty or failed place: what would be here or what happened, and the one thing to do. */
export function Notice({ title, text, level = 2, onRetry, children }: NoticeProps) {
  const Heading = `h${level}` as const
  return (
    <div className={styles.notice} role={onRetry ? "alert" : undefined}>
      <Heading>{title}</Heading>
      <p>{text}</p>
      {onRetry && <Button onClick={onRetry}>{words.retry}</Button>}
      {children}
    </div>
  )
}
