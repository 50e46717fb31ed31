import type { ScheduleClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import type { Dialer } from "./dialer.ts"
import type { DeliveryType } from "./outbox.ts"

/** A delivery that this process has claimed: its attempt counts as started. */
export interface ClaimedDelivery {
  companyId: number
  id: number
  channelId: number
  conversationId: number | null
  messageId: number | null
  sequence: "send" | "notice" | "control"
  type: DeliveryType
  /** Number of the attempt that has just started; 1 is the first. */
  attempt: number
  /** When its first attempt started, on the schedule clock. */
  firstStartedAt: Date
}

/** A webhook ready to be signed and posted. */
export interface Outgoing {
  url: string
  method: string
  /** Sent as `Authorization: Bearer …`; null: no such header. */
  bearer: string | null
  /** Signs the body. */
  secret: string
  /** JSON text, sent byte for byte. */
  body: string
  /** Whether the app asked for the vendor's strict reading of answers. */
  strict: boolean
}

/** What happened to the delivery of a reply. `dueAt` null on `waiting`: until somebody acts. */
export interface DeliveryChange {
  delivery: {
    companyId: number
    id: number
    channelId: number
    conversationId: number | null
    messageId: number | null
    type: DeliveryType
  }
  state: "queued" | "sending" | "waiting" | "sent" | "failed" | "unknown"
  code?: string
  reason?: string
  dueAt?: Date | null
  externalId?: string
  externalConversationId?: string
  warnings?: string[]
}

/** What delivery needs from the rest of the product. */
export interface DeliveryHooks {
  /** The webhook as it goes out now; `gone` when there is nothing left to tell or nobody to tell it to. */
  compose(delivery: ClaimedDelivery): Promise<Outgoing | { gone: string }>
  /** Called for sends only, last in the transaction that records the change, under the conversation's lock. */
  onState(tx: Tx, change: DeliveryChange): Promise<void>
  /** The partner refused our credentials. Called in a transaction of its own, before the reply is marked failed. */
  onAuthenticationFailed(tx: Tx, companyId: number, channelId: number, reason: string): Promise<void>
}

export interface DeliveryDeps {
  db: Database
  clock: ScheduleClock
  log: Log
  hooks: DeliveryHooks
  dialer: Dialer
  ids: Ids
}

export interface Delivery {
  /** Something may be due. Cheap; call it after every commit. */
  wake(): void
  /** Resolves when nothing is due on the schedule clock and nothing is in flight. For tests and held clocks. */
  settle(): Promise<void>
  /** Claims nothing more, waits up to `drainMs` for what is in flight, gives the leases back. */
  stop(drainMs?: number): Promise<void>
  /** Nothing is in flight and no lane is leased. */
  readonly idle: boolean
}

export function startDelivery(deps: DeliveryDeps): Delivery {
  throw new Error(`not started: ${deps.clock.held}`)
}
