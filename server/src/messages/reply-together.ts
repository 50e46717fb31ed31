import { actingAsNobody } from "../audit/actor.ts"
import type { Tx } from "../database/database.ts"
import { HttpError, OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"
import { replyGroupReplies, replyGroupSeconds } from "../metrics/meters.ts"
import { inSpan } from "../metrics/trace.ts"
import { type Draft, keepAlone, type ReplyDeps, type ReplyTarget, replyTargetColumns, type Sent } from "./reply.ts"
import { type Outcome, settledBefore, writeReplies } from "./reply-write.ts"

/**
 * Keeps what teammates and programs send. Replies of one company that come while others are being written wait for the next transaction and share it: its
 * commit, its turn at the company's feed and its statements. A group has one reply of a conversation and one of a key at most, so that each sees what the one
 * before it did. What begins a conversation has a transaction of its own, and so has a reply whose conversation somebody else holds, was merged away or is
 * gone: none waits for another's conversation, and none fails for another.
 */
export interface Replier {
  /**
   * Resolves when the reply, its delivery and what it does to its conversation are committed, or to the first answer when its key was used before. Throws 404
   * when the conversation is gone, 301 when it was merged away, 409 when something was added that the sender has not seen or the draft was changed, 400 when
   * there is nobody to write to, `OutageError` when the database does not answer or too many wait.
   */
  send(draft: Draft): Promise<Sent>
}

/** Replies in one transaction, and those of a company that wait, at most; ours. */
const togetherMax = 64
const waitingMax = 5_000
/** Of one reply into a conversation that is there: message, delivery, four events; its files come on top. */
const idsPerReply = 8

interface Waiting {
  draft: Draft
  conversationId: number
  resolve(sent: Sent): void
  reject(error: unknown): void
}

interface Company {
  waiting: Waiting[]
  /** Conversations whose reply is being written alone: the next one waits for it. */
  alone: Set<number>
  isRunning: boolean
}

/** What has reached this process already is read first, so that it joins the group: no time passes for that. */
const requestsRead = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createReplier(deps: ReplyDeps & { log: Log }): Replier {
  const companies = new Map<number, Company>()

  async function run(companyId: number, company: Company): Promise<void> {
    company.isRunning = true
    while (true) {
      await requestsRead()
      const group = takeGroup(company)
      if (group.length === 0) break
      await keepGroup(companyId, company, group)
    }
    company.isRunning = false
    if (company.waiting.length === 0 && company.alone.size === 0) companies.delete(companyId)
  }

  async function keepGroup(companyId: number, company: Company, group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await inSpan("reply.group", { replies: group.length }, () => writeGroup(companyId, group))
      for (const [i, waiting] of group.entries()) tell(company, waiting, outcomes[i] ?? null)
    } catch (error) {
      if (!(error instanceof OutageError) && group.length > 1)
        deps.log.warn({ replies: group.length, err: error }, "reply.group_broken_up")
      for (const waiting of group) {
        // Whether it was committed, nobody knows: what has no key must not be written again.
        if (error instanceof OutageError) waiting.reject(error)
        else keepBeside(company, waiting)
      }
    }
  }

  async function writeGroup(companyId: number, group: readonly Waiting[]): Promise<(Outcome | null)[]> {
    await deps.ids.reserve(group.reduce((sum, { draft }) => sum + idsPerReply + draft.files.length, 0))
    const measured = replyGroupSeconds.startTimer()
    const outcomes = await deps.db.tx(
      async (tx) => {
        const [targets, settled] = await Promise.all([lockFree(tx, companyId, group), settledBefore(tx, group)])
        const free = group.flatMap(({ draft, conversationId }) => {
          const target = targets.get(conversationId)
          return target === undefined || settled.has(draft) ? [] : [{ draft, target }]
        })
        const written = await writeReplies(tx, deps, free)
        for (const [i, { draft }] of free.entries()) settled.set(draft, written[i] as Outcome)
        return group.map(({ draft, conversationId }) =>
          targets.has(conversationId) ? (settled.get(draft) ?? null) : null,
        )
      },
      { byKeys: true },
    )
    measured()
    replyGroupReplies.observe(group.length)
    return outcomes
  }

  /** `outcome` null: its conversation was not free. */
  function tell(company: Company, waiting: Waiting, outcome: Outcome | null): void {
    if (outcome === null) keepBeside(company, waiting)
    else if (outcome instanceof HttpError) waiting.reject(outcome)
    else waiting.resolve(outcome)
  }

  function keepBeside(company: Company, { draft, conversationId, resolve, reject }: Waiting): void {
    company.alone.add(conversationId)
    void keepAlone(deps, draft)
      .then(resolve, reject)
      .finally(() => {
        company.alone.delete(conversationId)
        if (!company.isRunning) void run(draft.companyId, company)
      })
  }

  return {
    send(draft) {
      const { companyId, conversationId } = draft
      if (conversationId === null || draft.draft?.startsConversation) return keepAlone(deps, draft)
      const company = companies.get(companyId) ?? { waiting: [], alone: new Set(), isRunning: false }
      if (company.waiting.length >= waitingMax)
        return Promise.reject(new OutageError(`${waitingMax} replies are waiting to be kept`, 1))
      companies.set(companyId, company)
      return new Promise((resolve, reject) => {
        company.waiting.push({ draft, conversationId, resolve, reject })
        if (!company.isRunning) void actingAsNobody(() => run(companyId, company))
      })
    },
  }
}

/** In the order of their coming; what has to wait for another one stays, and so does everything behind it that is of the same conversation. */
function takeGroup(company: Company): Waiting[] {
  const conversations = new Set(company.alone)
  const keys = new Set<string>()
  const group: Waiting[] = []
  company.waiting = company.waiting.filter((waiting) => {
    const { conversationId, draft } = waiting
    const joins =
      group.length < togetherMax &&
      !conversations.has(conversationId) &&
      (draft.clientKey === null || !keys.has(draft.clientKey))
    conversations.add(conversationId)
    if (!joins) return true
    if (draft.clientKey !== null) keys.add(draft.clientKey)
    group.push(waiting)
    return false
  })
  return group
}

/** Locks those that nobody else holds, by the primary key in its order. Neither what is gone nor what was merged away is among them. */
async function lockFree(tx: Tx, companyId: number, group: readonly Waiting[]): Promise<Map<number, ReplyTarget>> {
  const rows = await tx.query<ReplyTarget>({
    name: "reply.lock_free",
    text: `select known.* from unnest($2::bigint[]) with ordinality as wanted (id, place)
           cross join lateral (select ${replyTargetColumns} from conversation
             where conversation.company_id = $1 and conversation.id = wanted.id for no key update skip locked) known`,
    values: [companyId, group.map(({ conversationId }) => conversationId).toSorted((a, b) => a - b)],
  })
  return new Map(rows.filter(({ merged_into }) => merged_into === null).map((row) => [row.id, row]))
}
