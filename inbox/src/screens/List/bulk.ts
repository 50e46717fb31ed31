import type { BulkChange, BulkRefusal, BulkResult } from "@causeway/contract/inbox-bulk"
import { ApiError, request } from "../../api.ts"
import { laterWords } from "../../later-words.ts"
import { refusalOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import { tell, tellProblem, type Workspace } from "../../workspace.ts"

/** As many as the server takes in one request. */
const batch = 200

const said = laterWords.bulk

const ask = (ids: readonly string[], change: BulkChange): Promise<BulkResult> =>
  request("/causeway/conversations/bulk", { method: "POST", body: { conversation_ids: ids, change } })

/**
 * Changes conversations a batch at a time and says how far it has come; tells in the Activity strip what was done and what was not, with one undo for all of
 * it. What is done stays done when the server stops answering half way, and is what the undo takes back.
 */
export async function changeAll(
  workspace: Workspace,
  ids: readonly string[],
  change: BulkChange,
  onProgress: (done: number) => void,
): Promise<void> {
  const changed: BulkResult["changed"] = []
  const refused: BulkResult["refused"] = []
  let problem: ApiError | null = null
  for (let from = 0; from < ids.length && problem === null; from += batch) {
    try {
      const result = await ask(ids.slice(from, from + batch), change)
      changed.push(...result.changed)
      refused.push(...result.refused)
      onProgress(Math.min(ids.length, from + batch))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      problem = error
    }
  }
  if (problem !== null && changed.length === 0) return tellProblem(workspace, problem)
  const sentences = [
    said.changed(changed.length),
    ...refusalsOf(refused),
    ...(problem === null ? [] : [words.activity.failed(refusalOf(problem))]),
  ]
  const undo = (): Promise<void> => takeBack(workspace, changed)
  tell(workspace, sentences.join(" "), {
    ...(changed.length > 0 && { undo }),
    isProblem: problem !== null || refused.length > 0,
  })
}

/** One sentence for each reason. */
function refusalsOf(refused: BulkResult["refused"]): string[] {
  const byReason = Map.groupBy(refused, ({ reason }) => reason)
  return [...byReason].map(([reason, those]: [BulkRefusal, unknown[]]) => said.refused[reason](those.length))
}

/** Those that were alike before are put back together. */
async function takeBack(workspace: Workspace, changed: BulkResult["changed"]): Promise<void> {
  try {
    for (const group of Map.groupBy(changed, ({ before }) => JSON.stringify(before)).values()) {
      const ids = group.map(({ id }) => id)
      for (let from = 0; from < ids.length; from += batch)
        await ask(ids.slice(from, from + batch), (group[0] as BulkResult["changed"][number]).before)
    }
  } catch (error) {
    tellProblem(workspace, error)
  }
}
