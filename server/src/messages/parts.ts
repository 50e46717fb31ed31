import type { FilledTemplate, Reply } from "@causeway/contract/endpoints/messages"
import { parseId } from "@causeway/contract/ids"
import type { TemplateView } from "@causeway/contract/resources/template"
import { fillTemplate } from "@causeway/contract/template-text"
import type { Channel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { findDrafts } from "../drafts/store.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { findTemplateView } from "../templates/store.ts"
import { readBody } from "./html.ts"
import type { Draft, WrittenDraft } from "./reply.ts"
import type { SentTemplate } from "./store.ts"

/** What of a reply is ours alone: what its sender had seen, the draft that it sends, the template that it is made from. */
export async function partsOf(
  { db }: { db: Database },
  principal: Principal,
  body: Reply,
  { channel }: { channel: Channel },
): Promise<Partial<Draft>> {
  const made = body.template === undefined ? {} : await fromTemplate(db, channel, body.template)
  if (principal.kind !== "session") {
    if (body.draft_id !== undefined) throw invalid("body.draft_id", "is for a teammate's session: drafts are theirs")
    return made
  }
  const draft = body.draft_id === undefined ? null : await ownDraft(db, principal, body.draft_id)
  return {
    ...made,
    seenPosition: body.based_on_seq ?? null,
    ...(draft !== null && { draft }),
    // Files alone are a message too; no empty paragraph stands for their words.
    ...(draft !== null && body.text === "" && { body: readBody("") }),
  }
}

/** One that is gone or not theirs is taken by nobody: the reply that names it is refused where the draft would be taken, after repeats are known. */
async function ownDraft(
  db: Database,
  { companyId, teammateId }: { companyId: number; teammateId: number },
  reference: string,
): Promise<WrittenDraft> {
  const id = parseId("msg", reference)
  const [row] = id === null ? [] : await findDrafts(db, companyId, [id])
  const isOwn = row !== undefined && row.author_id === teammateId && !row.starts_conversation
  const nobodys = { id: 0, uid: "", version: null, isShared: false, startsConversation: false }
  return isOwn ? { ...nobodys, id: row.id, uid: row.uid, isShared: row.mode === "shared" } : nobodys
}

async function fromTemplate(
  db: Database,
  channel: Channel,
  filled: FilledTemplate,
): Promise<Pick<Draft, "body" | "template">> {
  const id = parseId("tpl", filled.id)
  const template = id === null ? null : await findTemplateView(db, channel, id)
  if (template === null) throw invalid("body.template.id", "names no template of this channel")
  if (template.state !== "ready") throw new HttpError(400, `Template ${template.name}: ${template.state_reason}`)
  const [unmapped] = template.unmapped
  if (unmapped !== undefined)
    throw new HttpError(400, `Template ${template.name}: nothing says what {{${unmapped}}} in its text stands for`)
  const given = new Map(filled.variables.map(({ uid, value }) => [uid, value.trim()]))
  const variables = template.variable_mappings.map((mapping) => ({ ...mapping, value: valueFor(mapping, given) }))
  const values = new Map(variables.map(({ uid, value }) => [uid, value]))
  const sent: SentTemplate = { external_id: template.external_id, name: template.name, variables }
  return { body: readBody(fillTemplate(template.preview, values), { format: "html" }), template: sent }
}

const urlTypes = new Set(["file", "image", "video"])

function valueFor(
  { uid, type, name }: TemplateView["variable_mappings"][number],
  given: ReadonlyMap<string, string>,
): string {
  const value = given.get(uid) ?? ""
  const field = `body.template.variables {{${uid}}} (${name})`
  if (value === "") throw invalid(field, "is required")
  if (urlTypes.has(type) && !/^https?:$/.test(URL.parse(value)?.protocol ?? ""))
    throw invalid(field, "must be an https address")
  return value
}
