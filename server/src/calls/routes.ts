import {
  addCallRecording,
  addCallSummary,
  addCallTranscript,
  createCall,
  listConversationCalls,
  readRecordingPeaks,
  updateCall,
} from "@causeway/contract/endpoints/calls"
import { openFile } from "../attachments/download.ts"
import { getAppChannelFor } from "../channels/access.ts"
import type { Channel } from "../channels/store.ts"
import type { Principal } from "../http/callers.ts"
import { type Answer, type Route, route } from "../http/route.ts"
import { getConversationFor, getMessageFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { beginCall } from "./begin.ts"
import { readPeaks } from "./peaks.ts"
import { addRecording, setSummary, setTranscript, updateStatus } from "./update.ts"
import { listCallViews } from "./views.ts"

/** 202 means kept, as everywhere; none of these has a body. */
export const callRoutes = (deps: Services): Route[] => [
  route(createCall, async ({ params, body, principal }) =>
    told(deps, principal, params.channel_id, (channel) => beginCall(deps, channel, body)),
  ),
  route(updateCall, async ({ params, body, principal }) =>
    told(deps, principal, params.channel_id, (channel) => updateStatus(deps, channel, params.external_call_id, body)),
  ),
  route(addCallRecording, async ({ params, body, files, principal }) =>
    told(deps, principal, params.channel_id, (channel) =>
      addRecording(deps, channel, params.external_call_id, { type: body.recording_type, files }),
    ),
  ),
  route(addCallSummary, async ({ params, body, principal }) =>
    told(deps, principal, params.channel_id, (channel) =>
      setSummary(deps, channel, params.external_call_id, body.content),
    ),
  ),
  route(addCallTranscript, async ({ params, body, principal }) =>
    told(deps, principal, params.channel_id, (channel) => setTranscript(deps, channel, params.external_call_id, body)),
  ),
  route(listConversationCalls, async ({ params, principal }) => {
    const { company_id, id } = await getConversationFor(deps.db, principal, params.conversation_id)
    return { status: 200, body: { calls: await listCallViews(deps.db, company_id, id) } }
  }),
  route(readRecordingPeaks, async ({ params, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    const { size, stream } = await openFile(deps, message, params.attachment_id)
    return { status: 200, body: { waveform: await readPeaks(stream(), size) } }
  }),
]

async function told(
  deps: Services,
  principal: Principal,
  channelId: string,
  work: (channel: Channel) => Promise<void>,
): Promise<Answer> {
  const channel = await getAppChannelFor(deps.db, principal, channelId)
  await work(channel)
  deps.committed([channel.companyId])
  return { status: 202 }
}
