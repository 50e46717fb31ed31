import type { Event } from "@causeway/contract/resources/event"
import type { Tx } from "../database/database.ts"
import { eventResources } from "../events/resource.ts"
import type { EventRow } from "../events/store.ts"

/**
 * The vendor's Event as a webhook carries it. `preview` names source, target and conversation by id and link only. Null when its conversation is gone:
 * receivers rely on it. Source: Core API EventResponse; the guide to webhooks for the preview.
 */
export async function webhookEvent(
  tx: Tx,
  row: EventRow,
  options: { companyId: number; origin: string; payload: "full" | "preview" },
): Promise<object | null> {
  const { companyId, origin, payload } = options
  const [event] = await eventResources(tx, companyId, [row], { origin, isChannel: false })
  if (event === undefined || payload === "full") return event ?? null
  const { source, target, conversation } = event
  return {
    ...event,
    source: preview(source),
    ...(target !== undefined && { target: preview(target) }),
    conversation: { _links: conversation._links, id: conversation.id },
  }
}

function preview({ _meta, data }: Event["source"] | NonNullable<Event["target"]>): object {
  const first: unknown = Array.isArray(data) ? data[0] : data
  if (typeof first !== "object" || first === null) return { _meta }
  const { _links, id } = first as { _links?: { self?: string }; id?: string }
  return { _meta, _links: { self: _links?.self }, id }
}
