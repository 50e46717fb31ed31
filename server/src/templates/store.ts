import type { ChannelTemplate, ChannelTemplateChange } from "@causeway/contract/endpoints/templates"
import { formatId } from "@causeway/contract/ids"
import type { TemplateStatus, TemplateView, VariableMapping } from "@causeway/contract/resources/template"
import { placeholder } from "@causeway/contract/template-text"
import type { Channel } from "../channels/store.ts"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { readBody } from "../messages/html.ts"
import { seconds } from "../messages/resource.ts"

/** A preview is shown to people, so it is made safe when it comes; what came is kept beside it. */
const sanitised = (preview: string): string => readBody(preview, { format: "html" }).body

/** Keeps a template in place of the one with the same external id. Returns its number, which stays. */
export async function putTemplate(tx: Tx, channel: Channel, id: number, template: ChannelTemplate): Promise<number> {
  const rows = await tx.query<{ id: number }>({
    name: "templates.put", // walks channel_template_external_id
    text: `insert into channel_template (company_id, id, channel_id, external_id, name, blurb, is_disabled, status, variable_mappings, preview_source, preview)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11)
           on conflict (company_id, channel_id, external_id) do update set name = excluded.name, blurb = excluded.blurb, is_disabled = excluded.is_disabled,
             status = excluded.status, variable_mappings = excluded.variable_mappings, preview_source = excluded.preview_source, preview = excluded.preview,
             updated_at = now()
           returning id`,
    values: [
      channel.companyId,
      id,
      channel.id,
      template.external_id,
      template.name,
      template.blurb,
      template.is_disabled,
      template.status_name,
      JSON.stringify(template.variable_mappings.map(mappingOf)),
      template.template_preview,
      sanitised(template.template_preview),
    ],
  })
  return (rows[0] as { id: number }).id
}

/** Changes the parts that are given and leaves the rest. 404 when the channel has no such template. */
export async function changeTemplate(
  tx: Tx,
  channel: Channel,
  externalId: string,
  change: ChannelTemplateChange,
): Promise<number> {
  const preview = change.template_preview
  const rows = await tx.query<{ id: number }>({
    name: "templates.change", // walks channel_template_external_id
    text: `update channel_template set name = coalesce($4, name), blurb = coalesce($5, blurb), is_disabled = coalesce($6, is_disabled),
             status = coalesce($7, status), variable_mappings = coalesce($8::jsonb, variable_mappings), preview_source = coalesce($9, preview_source),
             preview = coalesce($10, preview), updated_at = now()
           where company_id = $1 and channel_id = $2 and external_id = $3 collate "C" returning id`,
    values: [
      channel.companyId,
      channel.id,
      externalId,
      change.name ?? null,
      change.blurb ?? null,
      change.is_disabled ?? null,
      change.status_name ?? null,
      change.variable_mappings === undefined ? null : JSON.stringify(change.variable_mappings.map(mappingOf)),
      preview ?? null,
      preview === undefined ? null : sanitised(preview),
    ],
  })
  if (rows[0] === undefined) throw notFound("application message template", externalId)
  return rows[0].id
}

/** Unknown keys of a mapping are not kept. */
const mappingOf = ({ uid, type, name }: VariableMapping): VariableMapping => ({ uid, type, name })

interface Row {
  id: number
  external_id: string
  name: string
  blurb: string
  is_disabled: boolean
  status: TemplateStatus
  variable_mappings: VariableMapping[]
  preview: string
  updated_at: Date
}

/** By name; a channel has at most some hundreds. Walks channel_template_external_id. */
export async function listTemplateViews(tx: Tx, channel: Channel): Promise<TemplateView[]> {
  const rows = await tx.query<Row>({
    name: "templates.list",
    text: `select id, external_id, name, blurb, is_disabled, status, variable_mappings, preview, updated_at from channel_template
           where company_id = $1 and channel_id = $2 order by lower(name), id`,
    values: [channel.companyId, channel.id],
  })
  return rows.map(viewOf)
}

/** One template of a channel; null when it has none of that number. By the primary key. */
export async function findTemplateView(tx: Tx, channel: Channel, id: number): Promise<TemplateView | null> {
  const rows = await tx.query<Row>({
    name: "templates.find",
    text: `select id, external_id, name, blurb, is_disabled, status, variable_mappings, preview, updated_at from channel_template
           where company_id = $1 and id = $3 and channel_id = $2`,
    values: [channel.companyId, channel.id, id],
  })
  return rows[0] ? viewOf(rows[0]) : null
}

function viewOf(row: Row): TemplateView {
  const mapped = new Set(row.variable_mappings.map(({ uid }) => uid))
  const placeholders = new Set([...row.preview.matchAll(placeholder)].map(([, uid]) => uid as string))
  return {
    id: formatId("tpl", row.id),
    external_id: row.external_id,
    name: row.name,
    blurb: row.blurb,
    ...stateOf(row),
    status_name: row.status,
    is_disabled: row.is_disabled,
    variable_mappings: row.variable_mappings,
    unmapped: [...placeholders].filter((uid) => !mapped.has(uid)),
    preview: row.preview,
    updated_at: seconds(row.updated_at),
  }
}

/** Only what the provider has approved and not switched off can be sent. */
function stateOf({ status, is_disabled }: Row): Pick<TemplateView, "state" | "state_reason"> {
  if (status === "REJECTED") return { state: "refused", state_reason: "The provider rejected it" }
  if (status === "PENDING")
    return { state: "waiting", state_reason: "It cannot be used until the provider approves it" }
  if (is_disabled) return { state: "refused", state_reason: "The provider has switched it off" }
  return { state: "ready", state_reason: null }
}
