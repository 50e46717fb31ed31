import { appRoutes } from "./apps/routes.ts"
import type { Apps } from "./apps/store.ts"
import { attachmentRoutes } from "./attachments/routes.ts"
import { auditRoutes } from "./audit/routes.ts"
import { callRoutes } from "./calls/routes.ts"
import { connectingRoutes } from "./channels/connecting-routes.ts"
import { channelRoutes } from "./channels/routes.ts"
import type { Channels } from "./channels/store.ts"
import { commentRoutes } from "./comments/routes.ts"
import { type RatePolicies, ratePolicyRoutes } from "./company/rate-policies.ts"
import { companyRoutes } from "./company/routes.ts"
import type { ApiTokens } from "./company/tokens.ts"
import { conformanceRoutes } from "./conformance/routes.ts"
import type { Conformance } from "./conformance/run.ts"
import { contactListRoutes } from "./contact-lists/routes.ts"
import { contactBookRoutes } from "./contacts/book-routes.ts"
import { contactRoutes } from "./contacts/routes.ts"
import { conversationListRoutes } from "./conversations/list-routes.ts"
import { conversationPartRoutes } from "./conversations/part-routes.ts"
import { conversationRoutes } from "./conversations/routes.ts"
import { customFieldRoutes } from "./custom-fields/routes.ts"
import type { PartnerAnswer, PartnerQuestion } from "./delivery/control.ts"
import type { Dialer } from "./delivery/dialer.ts"
import type { DeliveryHooks } from "./delivery/engine.ts"
import { deliveryRoutes } from "./delivery/routes.ts"
import { docsRoutes } from "./docs/routes.ts"
import { draftRoutes } from "./drafts/routes.ts"
import { erasureRoutes } from "./erasure/routes.ts"
import { eventRoutes } from "./events/routes.ts"
import { healthRoutes } from "./health/routes.ts"
import type { Route } from "./http/route.ts"
import { inboxRoutes } from "./inboxes/routes.ts"
import { linkRoutes } from "./links/routes.ts"
import type { Relay } from "./listeners/relay.ts"
import { listenerRoutes } from "./listeners/routes.ts"
import type { Typing } from "./live/hints.ts"
import { liveRoutes } from "./live/routes.ts"
import type { Mailer } from "./mail/mailer.ts"
import { messageTemplateRoutes } from "./message-templates/routes.ts"
import type { Acceptor } from "./messages/accept.ts"
import { incomingRoutes } from "./messages/incoming-routes.ts"
import { messageRoutes } from "./messages/routes.ts"
import { seenRoutes } from "./messages/seen.ts"
import { messageStatusRoutes } from "./messages/status-routes.ts"
import { metricsRoutes } from "./metrics/routes.ts"
import { notificationRoutes } from "./notifications/routes.ts"
import { oauthRoutes } from "./oauth/routes.ts"
import type { AccessTokens } from "./oauth/secrets.ts"
import { operationRoutes } from "./operation.ts"
import type { Presence } from "./presence/presence.ts"
import { presenceRoutes } from "./presence/routes.ts"
import { ruleRoutes } from "./rules/routes.ts"
import { searchRoutes } from "./search/routes.ts"
import type { Seal } from "./secrets/seal.ts"
import type { Services } from "./services.ts"
import { shiftRoutes } from "./shifts/routes.ts"
import type { Provider } from "./sign-in/provider.ts"
import { signInRoutes } from "./sign-in/routes.ts"
import { signatureRoutes } from "./signatures/routes.ts"
import { simulatorRoutes } from "./simulator/routes.ts"
import type { Simulator } from "./simulator/simulator.ts"
import { tagRoutes } from "./tags/routes.ts"
import type { Identity } from "./teammates/identity.ts"
import { teammateRoutes } from "./teammates/routes.ts"
import { teamRoutes } from "./teams/routes.ts"
import { templateRoutes } from "./templates/routes.ts"
import { timelineRoutes } from "./timeline/routes.ts"
import { trafficRoutes } from "./traffic/routes.ts"
import { version } from "./version.ts"
import { webhookRoutes } from "./webhooks/routes.ts"

/** What the nouns' routes are made from; each takes the few it uses. */
export interface RouteDeps extends Services {
  apps: Apps
  channels: Channels
  acceptor: Acceptor
  presence: Presence
  typed(typing: Typing): void
  identity: Identity
  mailer: Mailer
  provider: Provider | null
  tokens: ApiTokens
  accessTokens: AccessTokens
  ratePolicies: RatePolicies
  seal: Seal
  hooks: DeliveryHooks
  dialer: Dialer
  relay: Relay
  simulator: Simulator
  conformance: Conformance
  askPartner(question: PartnerQuestion): Promise<PartnerAnswer>
  flushCalls(): Promise<void>
  /** Runs what is due on the schedule clock until nothing is. */
  settle(): Promise<void>
}

/** Every operation of the server, one line a noun. */
export function allRoutes(deps: RouteDeps): Route[] {
  const routes: Route[] = [
    ...messageRoutes(deps),
    ...metricsRoutes(deps),
    ...incomingRoutes(deps),
    ...messageStatusRoutes(deps),
    ...callRoutes(deps),
    ...conversationRoutes(deps),
    ...conversationListRoutes(deps),
    ...searchRoutes(deps),
    ...conversationPartRoutes(deps),
    ...timelineRoutes(deps),
    ...contactRoutes(deps),
    ...contactBookRoutes(deps),
    ...contactListRoutes(deps),
    ...commentRoutes(deps),
    ...draftRoutes(deps),
    ...eventRoutes(deps),
    ...seenRoutes(deps),
    ...signatureRoutes(deps),
    ...attachmentRoutes(deps),
    ...liveRoutes(deps.live, deps.identity),
    ...presenceRoutes(deps),
    ...notificationRoutes(deps),
    ...appRoutes(deps),
    ...channelRoutes(deps),
    ...connectingRoutes(deps),
    ...templateRoutes(deps),
    ...inboxRoutes(deps),
    ...teammateRoutes(deps),
    ...signInRoutes(deps),
    ...teamRoutes(deps),
    ...tagRoutes(deps),
    ...linkRoutes(deps),
    ...shiftRoutes(deps),
    ...customFieldRoutes(deps),
    ...messageTemplateRoutes(deps),
    ...auditRoutes(deps),
    ...companyRoutes({ ...deps, version }),
    ...deliveryRoutes(deps),
    ...listenerRoutes(deps),
    ...oauthRoutes(deps),
    ...ruleRoutes(deps),
    ...webhookRoutes(deps),
    ...ratePolicyRoutes(deps.ratePolicies),
    ...erasureRoutes(deps),
    ...healthRoutes(deps),
    ...operationRoutes(deps),
    ...simulatorRoutes(deps),
    ...trafficRoutes(deps),
    ...conformanceRoutes(deps),
    ...docsRoutes(() => routes),
  ]
  return routes
}
