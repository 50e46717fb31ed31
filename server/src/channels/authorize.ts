import { formatId } from "@causeway/contract/ids"
import { webUrlProblem } from "../apps/server-auth.ts"
import type { App } from "../apps/store.ts"
import { errorTypes } from "../delivery/answer.ts"
import type { PartnerAnswer, PartnerQuestion } from "../delivery/control.ts"
import { HttpError } from "../http/errors.ts"
import { secretsIn, without } from "../secrets/redact.ts"

/** How a partner is asked: `callPartner` of the delivery folder, with what it needs already given. */
export type AskPartner = (question: PartnerQuestion) => Promise<PartnerAnswer>

/**
 * Asks an app's server whether this channel may be connected (protocol: `authorization`). Answers the channel's own webhook URL, or null when the
 * partner named none and the app's is meant. Throws 400 with the partner's own reason where it gave one.
 */
export async function authorize(
  ask: AskPartner,
  request: { app: App; channelId: number; authorization: string | null },
): Promise<string | null> {
  const { app, channelId, authorization } = request
  const body = JSON.stringify({ type: "authorization", payload: { channel_id: formatId("cha", channelId) } })
  const answer = await ask({
    companyId: app.companyId,
    channelId,
    listenerId: app.listenerId,
    url: app.webhookUrl,
    secret: app.signingSecret,
    authorization,
    body,
  })
  if (!answer.answered) throw refused(app, answer.said)
  const said = readAnswer(answer)
  if ("problem" in said) throw refused(app, without(secretsIn(authorization), said.problem))
  return said.webhookUrl
}

/** Connecting failed for a reason that is the partner's: 400 with the whole sentence. */
export const refused = (app: App, problem: string): HttpError =>
  new HttpError(400, `${app.name} was not connected: ${problem}`, {
    title: "Channel was not connected",
    code: "authorization_failed",
  })

const shownCharsMax = 300

/** What the partner's answer to `authorization` means. Exported for its test. */
export function readAnswer({
  status,
  body,
}: {
  status: number
  body: string
}): { webhookUrl: string | null } | { problem: string } {
  const problem = readRefusal({ status, body })
  if (problem !== null) return { problem }
  const url = parseObject(body)?.webhook_url
  if (url === undefined || url === null || url === "") return { webhookUrl: null }
  if (typeof url !== "string")
    return { problem: `webhook_url in its server's answer must be a string (was ${JSON.stringify(url).slice(0, 60)})` }
  const wrong = webUrlProblem(url)
  return wrong === null ? { webhookUrl: url } : { problem: `webhook_url in its server's answer ${wrong}` }
}

/** Why an answer is no success; null when it is. */
export function readRefusal({ status, body }: { status: number; body: string }): string | null {
  const json = parseObject(body)
  if (typeof json?.type === "string" && errorTypes.some((type) => type === json.type))
    return refusalOf(json.type, json.message)
  if (status >= 300 && status < 400)
    return `its server answered with a redirect (${status}); give the final address as the app's webhook_url`
  if (status < 200 || status >= 300) return `its server answered ${status}${quoted(body)}`
  if (json === null)
    return `its server answered ${status}, but not with a JSON object${quoted(body)}; {"type":"success"} was expected`
  return json.type === "success" ? null : `its server's answer has no "type":"success"${quoted(body)}`
}

const refusalOf = (type: string, message: unknown): string =>
  typeof message === "string" && message.trim() !== ""
    ? `its server refused: ${message.trim().slice(0, shownCharsMax)} (${type})`
    : `its server refused (${type}) and gave no reason`

const quoted = (body: string): string =>
  body.trim() === "" ? " with nothing in it" : `: ${body.trim().slice(0, shownCharsMax)}`

export function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
