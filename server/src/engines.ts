import { formatId } from "@causeway/contract/ids"
import { actingAsNobody } from "./audit/actor.ts"
import { startReminders } from "./conversations/reminders.ts"
import type { Dialer } from "./delivery/dialer.ts"
import { type DeliveryHooks, startDelivery } from "./delivery/engine.ts"
import { isLostAt } from "./failpoint.ts"
import type { Relay } from "./listeners/relay.ts"
import { openHints, type Typing } from "./live/hints.ts"
import type { Announced } from "./live/hub.ts"
import { createPresence, type Presence } from "./presence/presence.ts"
import { startRules } from "./rules/engine.ts"
import type { Services } from "./services.ts"
import type { Stores } from "./stores.ts"
import { startWebhooks } from "./webhooks/engine.ts"

interface EngineDeps extends Stores, Pick<Services, "clock" | "live"> {
  dialer: Dialer
  relay: Relay
  hooks: DeliveryHooks
  keptDays: number
  origin(): string
}

/** What follows from a commit, or from time that has passed: snoozes end, rules are asked, partners are told, and so are webhooks, in this order where one makes work for the next. */
export function startEngines({ delivers = true }: { delivers?: boolean }, deps: EngineDeps) {
  const wake = (companyIds: readonly number[]): void =>
    actingAsNobody(() => {
      if (isLostAt("hints")) return
      for (const engine of engines) engine.wake(companyIds)
      deps.live.wake(companyIds)
      deps.relay.wake()
    })
  const committed = (companyIds: Iterable<number>): void => {
    const ids = [...companyIds]
    wake(ids)
    hints.tell(ids)
  }
  const { hooks, keptDays } = deps
  const telling: DeliveryHooks = {
    ...hooks,
    async onState(tx, change, options) {
      await hooks.onState(tx, change, options)
      expectCommit([change.delivery.companyId])
    },
    async onSettled(tx, companyId, changes) {
      await hooks.onSettled(tx, companyId, changes)
      expectCommit([companyId])
    },
    async onLeaving(tx, companyId, sends, options) {
      await hooks.onLeaving(tx, companyId, sends, options)
      expectCommit([companyId])
    },
  }
  const engines = delivers
    ? [
        startReminders({ ...deps, committed }),
        startRules({ ...deps, committed }),
        startDelivery({ ...deps, hooks: telling, keptDays }),
        startWebhooks(deps),
      ]
    : []
  const webhooks = engines.at(-1)
  /** Results of deliveries are events too; their commit is a moment away. */
  const expectCommit = (companyIds: number[]) => {
    if (isLostAt("hints")) return
    setTimeout(() => webhooks?.wake(companyIds), 10).unref()
    hints.tell(companyIds)
  }
  /** What other processes on this database have committed. */
  const hints = openHints({
    db: deps.db,
    log: deps.log,
    onHint: wake,
    onSight: (sight) => people.note(sight),
    onTyping: (typing) => tellTyping(typing),
  })
  const { people, tellTyping } = startPresence(deps)
  /** What a browser says of itself is heard by the other processes too. */
  const presence: Presence = {
    ...people,
    note(sight) {
      people.note(sight)
      hints.saw(sight)
    },
  }
  return {
    committed,
    presence,
    typed(typing: Typing) {
      tellTyping(typing)
      hints.typed(typing)
    },
    async settle() {
      for (const engine of engines) await engine.settle()
    },
    async stop() {
      presence.stop()
      await hints.close()
      await Promise.all(engines.map((engine) => engine.stop()))
    },
  }
}

/** Who is at a conversation, told to the browsers of this process. That a customer is writing is told on, and kept by the browsers alone. */
function startPresence({ live }: Pick<EngineDeps, "live">) {
  const tell = (companyId: number, conversationId: number, event: Announced, data: object): void =>
    live.announce(companyId, conversationId, event, { conversation_id: formatId("cnv", conversationId), ...data })
  return {
    people: createPresence({
      now: Date.now,
      onChange: (companyId, conversationId, teammates) => tell(companyId, conversationId, "presence", { teammates }),
    }),
    tellTyping: ({ companyId, conversationId, forMs }: Typing) =>
      tell(companyId, conversationId, "typing", { for_ms: forMs }),
  }
}
