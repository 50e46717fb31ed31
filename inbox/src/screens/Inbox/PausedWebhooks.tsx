import type { WebhookView } from "@causeway/contract/endpoints/webhooks"
import { pausedByHand } from "@causeway/contract/webhook-events"
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { request } from "../../api.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ChannelAlerts.module.css"

const said = laterWords.alerts
const seenKey = "causeway.alerts.webhooks"

const pauseOf = ({ id, state_at }: WebhookView): string => `${id}@${state_at}`

/** Tells admins and developers once that a webhook stands still because its receiver failed, and why. */
export function PausedWebhooks() {
  const { session, queries, audited } = useWorkspace()
  const { role, is_developer } = session.teammate
  const queryKey = ["paused webhooks"]
  const { data } = useQuery({
    queryKey,
    queryFn: () => request<{ webhooks: WebhookView[] }>("/causeway/webhooks?state=paused"),
    enabled: role === "admin" || is_developer,
  })
  const [seen, setSeen] = useState(() => (localStorage.getItem(seenKey) ?? "").split(" "))
  useEffect(
    () =>
      audited.subscribe(() => {
        if (audited.get().includes("webhook")) void queries.invalidateQueries({ queryKey: ["paused webhooks"] })
      }),
    [audited, queries],
  )
  const paused = data?.webhooks.filter(({ state_reason }) => state_reason !== pausedByHand) ?? []
  const news = paused.filter((webhook) => !seen.includes(pauseOf(webhook)))

  function dismiss(): void {
    const all = paused.map(pauseOf)
    localStorage.setItem(seenKey, all.join(" "))
    setSeen(all)
  }
  if (news.length === 0) return null
  return (
    <div className={styles.card}>
      <div className={styles.back}>
        <output>
          {news.map(({ id, url, state_reason }) => (
            <span key={id} className={styles.news}>
              <Icon name="pause" /> {said.webhookPaused(new URL(url).host, state_reason ?? "")}
            </span>
          ))}
        </output>
        <Link to="/admin/$section" params={{ section: "webhooks" }}>
          {said.toWebhooks}
        </Link>
        <Button onClick={dismiss}>{said.seen}</Button>
      </div>
    </div>
  )
}
