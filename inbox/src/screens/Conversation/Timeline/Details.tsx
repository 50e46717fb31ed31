import type { DeliveryView } from "@causeway/contract/endpoints/deliveries"
import type { MessageView } from "@causeway/contract/inbox"
import { useQuery } from "@tanstack/react-query"
import { request } from "../../../api.ts"
import { fullTimeOf, preciseTimeOf } from "../../../format.ts"
import { useInbox } from "../../../inbox-state.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import styles from "./Details.module.css"

const said = words.details

/** The ids of a message, here and at its channel; for whoever may see the delivery log, also how it was delivered. */
export function Details({ message }: { message: MessageView }) {
  const { teammate } = useWorkspace().session
  const channel = useInbox((state) => state.channels.get(message.channel_id ?? ""))
  const rows: [string, string | null][] = [
    [said.created, fullTimeOf(message.created_at)],
    [said.channel, channel?.name ?? message.channel_id ?? null],
    [said.externalId, message.external_id ?? null],
    [said.thread, message.external_conversation_id ?? null],
    [said.id, message.id],
    [said.uid, message.uid],
  ]
  return (
    <section aria-label={said.title} className={styles.details}>
      <h4>{said.title}</h4>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value ?? said.none}</dd>
          </div>
        ))}
      </dl>
      {message.direction === "outbound" && (teammate.is_developer || teammate.role === "admin") && (
        <Deliveries messageId={message.id} version={message.version} />
      )}
    </section>
  )
}

function Deliveries({ messageId, version }: { messageId: string; version: number }) {
  const { data, error } = useQuery({
    queryKey: ["deliveries", messageId, version],
    queryFn: () =>
      request<{ deliveries: DeliveryView[] }>(`/causeway/deliveries?${new URLSearchParams({ message_id: messageId })}`),
  })
  return (
    <>
      <h4>{said.deliveries}</h4>
      {error !== null && <p>{said.unreadable}</p>}
      {data?.deliveries.length === 0 && <p>{said.noDeliveries}</p>}
      <ul>
        {data?.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <code>{delivery.id}</code> {delivery.type} · {delivery.status}
            {delivery.reason && <bdi> · {delivery.reason}</bdi>}
            <ol>
              {delivery.attempts.map((attempt) => (
                <li key={attempt.number}>
                  {said.attempt(attempt.number, preciseTimeOf(attempt.started_at))}
                  {": "}
                  {attempt.response === null ? said.noAnswer : said.answered(attempt.response.status)}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </>
  )
}
