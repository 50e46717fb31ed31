import { formatId } from "@causeway/contract/ids"
import type { CallStatus, CallStepStatus, CallView, RecordingType } from "@causeway/contract/resources/call"
import type { Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"

/** What one answer shows; a conversation with more legs than this shows the newest. */
const callsMax = 100

interface Row {
  id: number
  channel_id: number
  channel_name: string
  channel_address: string
  contact_id: number | null
  external_id: string
  parent_external_id: string | null
  parent_id: number | null
  direction: "inbound" | "outbound"
  status: CallStatus
  handle: string
  name: string | null
  agent_email: string | null
  started_at: Date
  connected_at: Date | null
  ended_at: Date | null
  summary: string | null
  transcript: { speaker_name: string; content: string; start_time_seconds: number; speaker_type: "internal" }[] | null
  version: number
  steps: { status: CallStepStatus; at: number; agent_email: string | null }[]
  recordings: {
    id: number
    type: RecordingType
    filename: string
    content_type: string
    size: number
  }[]
}

/** The calls of a conversation, oldest first. Walks message_calls; the rest hangs on primary keys. */
export async function listCallViews(tx: Tx, companyId: number, conversationId: number): Promise<CallView[]> {
  const rows = await tx.query<Row>({
    name: "calls.views",
    text: `select call.id, call.channel_id, channel.name as channel_name, channel.address as channel_address, known.contact_id, call.external_id,
             call.parent_external_id, parent.id as parent_id, call.direction, call.status, call.handle, call.name, call.agent_email, call.started_at,
             call.connected_at, call.ended_at, call.summary, call.transcript, message.version,
             (select json_agg(json_build_object('status', step.status, 'at', extract(epoch from step.occurred_at)::float8, 'agent_email', step.agent_email)
                order by step.number)
              from call_step step where step.company_id = call.company_id and step.call_id = call.id) as steps,
             coalesce((select json_agg(json_build_object('id', file.id, 'type', recording.type, 'filename', file.filename, 'content_type', file.content_type,
                'size', file.size) order by file.position)
              from call_recording recording
              join attachment file on file.company_id = recording.company_id and file.id = recording.attachment_id
              where recording.company_id = call.company_id and recording.call_id = call.id), '[]') as recordings
           from message
           join call on call.company_id = message.company_id and call.id = message.id
           join channel on channel.company_id = call.company_id and channel.id = call.channel_id
           left join call parent on parent.company_id = call.company_id and parent.channel_id = call.channel_id and parent.external_id = call.parent_external_id
           left join contact_handle known on known.company_id = call.company_id and known.source = channel.contact_type and known.handle = call.handle collate "C"
           where message.company_id = $1 and message.conversation_id = $2 and message.type = 'call'
           order by message.created_at desc, message.id desc limit $3`,
    values: [companyId, conversationId, callsMax],
  })
  const calls = rows.toReversed()
  const agents = await findAgents(tx, companyId, calls)
  const chains = chainsOf(calls)
  return calls.map((row) => viewOf(row, agents, chains.get(row) as number[]))
}

type Agents = ReadonlyMap<string, NonNullable<CallView["agent"]>>

/** The teammates behind the addresses that phone systems gave, by lower-case address. Walks teammate_email. */
async function findAgents(tx: Tx, companyId: number, rows: readonly Row[]): Promise<Agents> {
  const emails = new Set(
    rows
      .flatMap((row) => [row.agent_email, ...row.steps.map((step) => step.agent_email)])
      .filter((email) => email !== null),
  )
  if (emails.size === 0) return new Map()
  const found = await tx.query<{ id: number; email: string; name: string }>({
    name: "calls.agents",
    text: `select id, email, trim(first_name || ' ' || last_name) as name from teammate where company_id = $1 and lower(email) = any($2::text[])`,
    values: [companyId, [...emails].map((email) => email.toLowerCase())],
  })
  return new Map(
    found.map(({ id, email, name }) => [email.toLowerCase(), { id: formatId("tea", id), name: name || email, email }]),
  )
}

const agentOf = (agents: Agents, email: string | null): CallView["agent"] =>
  email === null ? null : (agents.get(email.toLowerCase()) ?? { id: null, name: email, email })

/** For each leg the ids of all legs that transfers tie it to, oldest first. A parent that is not here still ties its children together. */
function chainsOf(rows: readonly Row[]): Map<Row, number[]> {
  const keyOf = (row: Row, externalId: string): string => `${row.channel_id}\n${externalId}`
  const leaders = new Map<string, string>()
  const leaderOf = (key: string): string => {
    let leader = key
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next
    return leader
  }
  for (const row of rows) {
    const leader = leaderOf(keyOf(row, row.external_id))
    const parent = leaderOf(keyOf(row, row.parent_external_id ?? row.external_id))
    if (leader !== parent) leaders.set(leader, parent)
  }
  const chains = Map.groupBy(rows, (row) => leaderOf(keyOf(row, row.external_id)))
  return new Map([...chains.values()].flatMap((legs) => legs.map((leg) => [leg, legs.map(({ id }) => id)] as const)))
}

function viewOf(row: Row, agents: Agents, chain: readonly number[]): CallView {
  const outside = { handle: row.handle, name: row.name }
  const line = { handle: row.channel_address, name: row.channel_name }
  const [from, to] = row.direction === "inbound" ? [outside, line] : [line, outside]
  const messageId = formatId("msg", row.id)
  const talkedMs =
    row.connected_at === null || row.ended_at === null ? null : row.ended_at.getTime() - row.connected_at.getTime()
  return {
    id: formatId("cal", row.id),
    message_id: messageId,
    channel_id: formatId("cha", row.channel_id),
    external_id: row.external_id,
    direction: row.direction,
    status: row.status,
    from,
    to,
    contact_id: row.contact_id === null ? null : formatId("crd", row.contact_id),
    agent: agentOf(agents, row.agent_email),
    started_at: seconds(row.started_at),
    connected_at: row.connected_at && seconds(row.connected_at),
    ended_at: row.ended_at && seconds(row.ended_at),
    duration: talkedMs === null ? null : Math.max(0, talkedMs) / 1000,
    steps: row.steps.map(({ status, at, agent_email }) => ({ status, at, agent: agentOf(agents, agent_email) })),
    recordings: row.recordings.map(({ id, ...recording }) => ({
      ...recording,
      id: formatId("fil", id),
      url: `/messages/${messageId}/download/${formatId("fil", id)}`,
    })),
    transcript:
      row.transcript?.map(({ start_time_seconds, ...line }) => ({ ...line, start_seconds: start_time_seconds })) ??
      null,
    summary: row.summary,
    parent_id: row.parent_id === null ? null : formatId("cal", row.parent_id),
    legs: chain.map((id) => formatId("cal", id)),
    version: row.version,
  }
}
