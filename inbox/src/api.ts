import type { FilledTemplate } from "@causeway/contract/endpoints/messages"
import type { PreferencesChange } from "@causeway/contract/endpoints/preferences"
import type {
  AttachmentView,
  ChannelView,
  ConversationList,
  Newcomer,
  SessionView,
  SetupRequest,
  SetupResult,
  SetupState,
  TimelinePage,
} from "@causeway/contract/inbox"
import type { ListedIds } from "@causeway/contract/inbox-bulk"
import type { Preferences } from "@causeway/contract/inbox-preferences"
import type { TemplateView } from "@causeway/contract/resources/template"
import { formatPlace, type ListQuery, type PageFrom } from "./lists.ts"
import { answerFromDevice, keepIfUseful } from "./offline/answers.ts"
import { clearOffline } from "./offline/snapshot.ts"
import { words } from "./words.ts"

/** What came into a conversation while a reply was written, and the place in the feed up to which it is known once these are looked at. */
export interface Unseen {
  newcomers: Newcomer[]
  position: number
}

/** Why a request was refused or did not arrive. `status` 0: no answer at all (network, or the server is down). */
export class ApiError extends Error {
  readonly status: number
  readonly details: string[]
  /** From Retry-After; null when the server named no wait. */
  readonly retryAfterSeconds: number | null
  /** Of a reply: what its writer had not seen; null: that is not why. */
  readonly unseen: Unseen | null
  /** The server's word for why, where the screens go by one. */
  readonly code: string | null

  constructor(
    status: number,
    message: string,
    details: string[] = [],
    retryAfterSeconds: number | null = null,
    unseen: Unseen | null = null,
    code: string | null = null,
  ) {
    super(message)
    this.status = status
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
    this.unseen = unseen
    this.code = code
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

const requestTimeoutMs = 20_000
/** The Date header has whole seconds; below this a difference says nothing. */
const skewIgnoredMs = 2_000

let skewMs = 0
/** The server's clock as far as we know it, ms since 1970: countdowns end when the server says, not when this computer thinks so. */
export const serverNow = (): number => Date.now() + skewMs

const sessionPath = "/causeway/session"
/** That somebody signed out and the server has not heard it. */
const owedKey = "causeway.sign-out"

interface RequestOptions {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE"
  body?: unknown
  headers?: Record<string, string>
  /** Whether it goes out even when the page is closed meanwhile. */
  keepalive?: boolean
  /** Default 20 s. */
  timeoutMs?: number
}

/** Nothing between here and the server's own answer: no network, or a proxy that finds no server. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || (error.status >= 502 && error.status <= 504))

/**
 * One request to the server as JSON. Throws `ApiError` when it is refused or does not arrive; what the screens read to show themselves is then answered by
 * this device, as far as it knows.
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  if (options.method !== undefined && options.method !== "GET") return parsed((await ask(path, options)).text)
  try {
    const { text } = await ask(path, options)
    keepIfUseful(path, text)
    return parsed(text)
  } catch (error) {
    const answer = isUnanswered(error) ? await answerFromDevice(path) : undefined
    if (answer !== undefined) return answer as Answer
    // Somebody signed out, here or elsewhere: what they could read is not left behind.
    if (path === sessionPath && error instanceof ApiError && error.status === 401) await clearOffline()
    throw error
  }
}

const parsed = <Answer>(text: string): Answer => (text === "" ? undefined : JSON.parse(text)) as Answer

/** The same for what answers with no body but says where the new thing is. */
export async function requestLocation(path: string, options: RequestOptions): Promise<string> {
  const { response } = await ask(path, options)
  return response.headers.get("location") ?? ""
}

async function ask(path: string, options: RequestOptions): Promise<{ response: Response; text: string }> {
  const { method = "GET", body, headers, keepalive = false, timeoutMs = requestTimeoutMs } = options
  const init: RequestInit = {
    method,
    keepalive,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
  const unanswered = (cause: unknown): never => {
    throw new ApiError(0, words.unreachable.title, [String(cause)])
  }
  const response = await fetch(path, init).catch(unanswered)
  readClock(response)
  const text = await response.text().catch(unanswered)
  // Too long ago that they said who they are: whoever says so now goes on where they were.
  if (response.status === 403 && text.includes('"code":"prove"') && (await prove())) return ask(path, options)
  if (!response.ok) throw errorOf(response, text)
  return { response, text }
}

const prove = async (): Promise<boolean> => (await import("./screens/Prove/Prove.tsx")).prove()

function readClock(response: Response): void {
  const date = Date.parse(response.headers.get("date") ?? "")
  if (Number.isNaN(date)) return
  const difference = date + 500 - Date.now()
  skewMs = Math.abs(difference) < skewIgnoredMs ? 0 : difference
}

function errorOf(response: Response, text: string): ApiError {
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN)
  const wait = Number.isFinite(retryAfter) ? retryAfter : null
  try {
    const { _error: error } = JSON.parse(text) as {
      _error: { message: string; details?: string[]; code?: string } & Partial<Unseen>
    }
    const { newcomers, position } = error
    const unseen = newcomers !== undefined && position !== undefined ? { newcomers, position } : null
    return new ApiError(response.status, error.message, error.details ?? [], wait, unseen, error.code ?? null)
  } catch {
    // Something between us and the server answered (a proxy's page): its status is all there is.
    return new ApiError(response.status, words.unreachable.status(response.status), [], wait)
  }
}

/** All pages of one of the vendor's lists, a few hundred entries at most. */
async function everything<Entry>(first: string): Promise<Entry[]> {
  const entries: Entry[] = []
  let next: string | null = first
  for (let page = 0; next !== null && page < 10; page++) {
    const answer: { _results: Entry[]; _pagination: { next: string | null } } = await request(next)
    entries.push(...answer._results)
    next = answer._pagination.next
  }
  return entries
}

/** A path whose values are encoded. */
export const at = (strings: TemplateStringsArray, ...values: string[]): string =>
  String.raw({ raw: strings }, ...values.map(encodeURIComponent))

export function query(values: Record<string, string | number | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== null)
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
}

const listParams = ({ view, sort, inbox, channel, tag, assignee }: ListQuery): Record<string, string | null> => ({
  view,
  sort,
  inbox_id: inbox,
  channel_id: channel,
  tag_id: tag,
  assignee_id: assignee,
})

function fromParams(from: PageFrom): Record<string, string | number | null> {
  if (from.from === "top") return {}
  return from.from === "offset" ? { offset: from.offset } : { [from.from]: formatPlace(from.place) }
}

/** A person's own reply: HTML for channels that show it, and the same words as text. */
export interface ReplyBody {
  body: string
  text: string
  /** The writer's draft on the server that has the files. */
  draftId?: string
  /** What it has, to be shown until the message itself is there. */
  files?: AttachmentView[]
  /** Up to where in the feed its writer has seen the conversation. */
  basedOn?: number
  archive?: boolean
  /** How long it can be taken back at least, s; the channel's own time if that is longer. */
  undoSeconds?: number
  template?: FilledTemplate
}

/** What a channel's app and the server know of one delivery problem is read with the message; all else is here. */
export const timelinePath = (id: string, before: string | null): string =>
  `${at`/causeway/conversations/${id}/timeline`}?${query({ before, limit: 50 })}`

export const api = {
  async session() {
    if (localStorage.getItem(owedKey) !== null) await api.signOut()
    return request<SessionView>(sessionPath)
  },
  updatePreferences: (change: PreferencesChange) =>
    request<Preferences>("/causeway/session/preferences", { method: "PATCH", body: change }),
  setup: () => request<SetupState>("/causeway/setup"),
  setUp: (body: SetupRequest) => request<SetupResult>("/causeway/setup", { method: "POST", body }),
  signIn: (body: { email: string; password: string }) =>
    request<unknown>("/causeway/auth/sign-in/email", { method: "POST", body }),
  /** What was kept to be read offline goes first, and the session when the server hears of it: now, or before anybody is shown anything again. */
  async signOut() {
    await clearOffline()
    localStorage.setItem(owedKey, "1")
    await request("/causeway/auth/sign-out", { method: "POST", body: {} })
    localStorage.removeItem(owedKey)
  },
  channels: () => request<{ channels: ChannelView[] }>("/causeway/channels"),
  inboxes: () => everything<{ id: string; name: string }>("/inboxes"),
  listIds: (list: ListQuery) => request<ListedIds>(`/causeway/conversations/ids?${query(listParams(list))}`),
  conversations: (list: ListQuery, from: PageFrom, limit = 50) =>
    request<ConversationList>(`/causeway/conversations?${query({ ...listParams(list), ...fromParams(from), limit })}`),
  markRead: (id: string, number: number) =>
    request<void>(at`/causeway/conversations/${id}/read`, { method: "PUT", body: { number } }),
  timeline: (id: string, before: string | null) => request<TimelinePage>(timelinePath(id, before)),
  /** The same key is answered the same and sends once, however often it is asked. */
  reply: (conversationId: string, reply: ReplyBody, idempotencyKey: string) =>
    request<{ status: string; message_uid: string }>(at`/conversations/${conversationId}/messages`, {
      method: "POST",
      body: {
        body: reply.body === "" ? "<p></p>" : reply.body,
        text: reply.text,
        options: { archive: reply.archive ?? false, undo_seconds: reply.undoSeconds ?? 0 },
        ...(reply.basedOn !== undefined && { based_on_seq: reply.basedOn }),
        ...(reply.draftId !== undefined && { draft_id: reply.draftId }),
        ...(reply.template !== undefined && { template: reply.template }),
      },
      headers: { "idempotency-key": idempotencyKey },
    }),
  update: (conversationId: string, change: { status?: "archived" | "open" | "deleted"; assignee_id?: string | null }) =>
    request<void>(at`/conversations/${conversationId}`, { method: "PATCH", body: change }),
  comment: (conversationId: string, body: string) =>
    request<{ id: string }>(at`/conversations/${conversationId}/comments`, { method: "POST", body: { body } }),
  templates: (channelId: string) =>
    request<{ templates: TemplateView[] }>(at`/causeway/channels/${channelId}/templates`),
  merge: (conversationId: string, otherId: string) =>
    request<unknown>(at`/causeway/conversations/${conversationId}/merge`, {
      method: "POST",
      body: { conversation_ids: [otherId] },
    }),
  retry: (messageId: string) =>
    request<{ delivery_id: string }>(at`/causeway/messages/${messageId}/retry`, { method: "POST" }),
  undo: (messageId: string) =>
    request<{ body: string; text: string; draft_id?: string }>(at`/causeway/messages/${messageId}/undo`, {
      method: "POST",
    }),
  sendWaiting: (channelId: string) =>
    request<{ count: number }>(at`/causeway/channels/${channelId}/send_waiting`, { method: "POST" }),
  /** `returnTo`: the page to come back to from the partner's. */
  authenticate: (channelId: string, returnTo: string) =>
    request<{ status: "connected" | "sign_in" | "choose_address"; sign_in_url: string | null }>(
      at`/causeway/channels/${channelId}/authenticate`,
      { method: "POST", body: { return_to: returnTo } },
    ),
  cancel: (messageId: string) =>
    request<{ state: string; body: string; text: string; draft_id?: string }>(
      at`/causeway/messages/${messageId}/cancel`,
      { method: "POST" },
    ),
  sendNow: (messageId: string) => request<void>(at`/causeway/messages/${messageId}/send_now`, { method: "POST" }),
}
