import {
  changeTemplate as changeEndpoint,
  listChannelTemplates,
  putTemplate as putEndpoint,
} from "@causeway/contract/endpoints/templates"
import { findApp } from "../apps/store.ts"
import { getAppChannelFor, getChannelFor } from "../channels/access.ts"
import type { Channel } from "../channels/store.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Answer, type Route, route } from "../http/route.ts"
import { appendEvents } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { changeTemplate, listTemplateViews, putTemplate } from "./store.ts"

export const templateRoutes = (deps: Services): Route[] => [
  route(putEndpoint, async ({ params, body, principal }) => {
    const channel = await templateChannel(deps, principal, params.channel_id)
    return await kept(deps, channel, (tx) => putTemplate(tx, channel, deps.ids.take(), body))
  }),
  route(changeEndpoint, async ({ params, body, principal }) => {
    const channel = await templateChannel(deps, principal, params.channel_id)
    return await kept(deps, channel, (tx) => changeTemplate(tx, channel, params.external_id, body))
  }),
  route(listChannelTemplates, async ({ params, principal }) => {
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    return { status: 200, body: { templates: await listTemplateViews(deps.db, channel) } }
  }),
]

/** The channel in the path, whose app must have declared templates: 400 otherwise, as the vendor's document says. */
async function templateChannel(deps: Services, principal: Principal, reference: string): Promise<Channel> {
  const channel = await getAppChannelFor(deps.db, principal, reference)
  const app = await findApp(deps.db, channel.appUid)
  if (!app?.features.includes("templates"))
    throw new HttpError(
      400,
      `Channel ${channel.name} does not support application message templates: add "templates" to the features of its app`,
    )
  return channel
}

async function kept(deps: Services, channel: Channel, write: (tx: Tx) => Promise<number>): Promise<Answer> {
  const { companyId, id: channelId } = channel
  await deps.ids.reserve(2)
  const templateId = await deps.db.tx(async (tx) => {
    const id = await write(tx)
    await appendEvents(tx, companyId, [{ id: deps.ids.take(), type: "template_changed", isPublic: false, channelId }])
    return id
  })
  deps.committed([companyId])
  return { status: 200, body: { template_id: templateId } }
}
