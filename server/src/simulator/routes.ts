import {
  createSimulated,
  getSimulated,
  listSimulated,
  playCall,
  replaySession,
  runSeeded,
  type SimulatedState,
  setFaults,
  startSession,
  stopSession,
  writeAsCustomer,
} from "@causeway/contract/endpoints/simulator"
import { formatId } from "@causeway/contract/ids"
import type { FastifyRequest } from "fastify"
import type { Channel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { getInbox, listInboxes } from "../inboxes/store.ts"
import type { Identity } from "../teammates/identity.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import { noFaults } from "./faults.ts"
import { moveCall, type Provider, writeMessage } from "./phones.ts"
import { begin, end, playSteps, type ReplyAs, sceneOf } from "./scene.ts"
import { compareSessions, isFull, recordStep } from "./session.ts"
import type { Simulator } from "./simulator.ts"
import type { ChannelState } from "./state.ts"

export interface SimulatorRouteDeps {
  db: Database
  simulator: Simulator
  identity: Pick<Identity, "cookieWithin">
}

export const simulatorRoutes = ({ db, simulator, identity }: SimulatorRouteDeps): Route[] => {
  const companyOf = (principal: Principal): number => {
    requireDeveloper(principal)
    return memberOf(principal).companyId
  }
  const open = (principal: Principal, params: { simulated_channel_id: string }) =>
    simulator.open(companyOf(principal), params.simulated_channel_id)
  const play = (principal: Principal, params: { simulated_channel_id: string }) => {
    requireBuilder(principal)
    return open(principal, params)
  }
  /** For what a recording writes down. */
  const act = async (principal: Principal, params: { simulated_channel_id: string }) => {
    const provider = await play(principal, params)
    const { recording } = provider.state
    if (recording !== null && isFull(recording))
      throw new HttpError(409, "The session that is recorded holds no more steps: end it with DELETE …/session")
    return provider
  }
  return [
    route(listSimulated, async ({ principal }) => {
      const channels = await simulator.list(companyOf(principal))
      return { status: 200, body: { is_enabled: simulator.isEnabled, channels: channels.map(viewChannel) } }
    }),
    route(createSimulated, async ({ principal, body }) => {
      requireBuilder(principal)
      const { companyId } = memberOf(principal)
      const inbox =
        body.inbox_id === undefined
          ? (await listInboxes(db, companyId))[0]
          : await getInbox(db, companyId, body.inbox_id)
      if (inbox === undefined) throw new HttpError(409, "There is no inbox for it: make one first")
      return { status: 201, body: viewChannel(await simulator.create(companyId, inbox.id, body.name ?? "Simulator")) }
    }),
    route(getSimulated, async ({ principal, params, query }) => {
      const { channel, state } = await open(principal, params)
      if (query.after !== undefined && query.after >= state.version) await state.next((query.wait_seconds ?? 0) * 1000)
      return { status: 200, body: viewState(channel, state) }
    }),
    route(setFaults, async ({ principal, params, body }) => {
      const { state } = await act(principal, params)
      state.faults = { ...state.faults, ...body }
      recordStep(state.recording, { do: "faults", faults: state.faults })
      state.changed()
      return { status: 200, body: state.faults }
    }),
    route(writeAsCustomer, async ({ principal, params, body }) => {
      const provider = await act(principal, params)
      const { handle, name = null, text, attachment = null } = body
      return { status: 202, body: await writeMessage(provider, { handle, name, text, attachment }) }
    }),
    route(playCall, async ({ principal, params, body }) => {
      const { action, handle, name = null, direction = "inbound", call_id: callId = null } = body
      const { recording = false, transcript = false, summary = false } = body
      const move = { action, handle, name, direction, callId, recording, transcript, summary }
      return { status: 202, body: await moveCall(await act(principal, params), move) }
    }),
    route(startSession, async ({ principal, params }) => {
      begin((await play(principal, params)).state, null)
      return { status: 204 }
    }),
    route(stopSession, async ({ principal, params }) => {
      const { state } = await play(principal, params)
      if (state.recording === null) throw new HttpError(409, "Nothing is recorded: begin with POST …/session")
      return { status: 200, body: await end(state) }
    }),
    route(replaySession, async ({ principal, params, body, request }) => {
      const provider = await idle(play(principal, params))
      const { session: recorded } = body
      provider.state.faults = { ...noFaults }
      const { stepsDone, session } = await playSteps(
        provider,
        recorded.steps,
        replier(provider, request, identity),
        recorded.seed,
      )
      const differences = compareSessions(recorded, session)
      return { status: 200, body: { is_equal: differences.length === 0, steps_done: stepsDone, differences, session } }
    }),
    route(runSeeded, async ({ principal, params, body, request }) => {
      const provider = await idle(play(principal, params))
      const { seed, steps = 20, phones = 3, fault_rate: faultRate = 0.3, calls: hasCalls = true } = body
      const scene = sceneOf({ seed, steps, phones, faultRate, hasCalls })
      provider.state.faults = { ...noFaults }
      const { stepsDone, session } = await playSteps(provider, scene, replier(provider, request, identity), seed)
      return { status: 200, body: { steps_done: stepsDone, session } }
    }),
  ]
}

/** One scene at a time: two would hear each other's traffic. */
async function idle<T extends Provider>(opened: Promise<T>): Promise<T> {
  const provider = await opened
  if (provider.state.recording !== null)
    throw new HttpError(409, "A session is being recorded on this channel: end it first")
  return provider
}

/** Replies over the public API, with the credential of whoever asked. */
const replier =
  ({ origin, state }: Provider, request: FastifyRequest, identity: Pick<Identity, "cookieWithin">): ReplyAs =>
  async (thread, text) => {
    const conversationId = conversationOf(state, thread)
    if (conversationId === null) return false
    const { authorization } = request.headers
    const cookie = identity.cookieWithin(request)
    const response = await fetch(`${origin}/conversations/${conversationId}/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(authorization !== undefined && { authorization }),
        ...(cookie !== null && { cookie, "sec-fetch-site": "same-origin", origin }),
      },
      body: JSON.stringify({ body: text }),
    })
    const said = await response.text()
    if (response.status >= 500) throw new Error(`a reply was answered with ${response.status} ${said.slice(0, 200)}`)
    if (!response.ok) throw new HttpError(response.status, `A reply was refused: ${said.slice(0, 300)}`)
    return true
  }

/** As the notices of the thread's messages name it. */
function conversationOf(state: ChannelState, thread: string): string | null {
  for (const { stream, thread: of, body } of state.recording?.entries ?? []) {
    const link = (body as { payload?: { _links?: { related?: { conversation?: string } } } } | null)?.payload?._links
    if (stream !== "calls" && of === thread) return link?.related?.conversation?.split("/").at(-1) ?? null
  }
  return null
}

const viewChannel = (channel: Channel) => ({
  id: formatId("cha", channel.id),
  name: channel.name,
  app_uid: channel.appUid ?? "",
  status: channel.status,
})

const viewState = (channel: Channel, state: ChannelState): SimulatedState => ({
  channel: viewChannel(channel),
  version: state.version,
  faults: state.faults,
  is_recording: state.recording !== null,
  phones: [...state.phones.values()],
  traffic: state.traffic,
})
