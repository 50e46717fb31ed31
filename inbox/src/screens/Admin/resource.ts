import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useCallback, useEffect, useEffectEvent, useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { ApiError } from "../../api.ts"
import { refusalOf } from "../../refusal.ts"
import { tell, useWorkspace } from "../../workspace.ts"

interface ResourceOptions {
  /** Nouns of the audit log: a new entry of one of them, whoever made it, has it asked for again. */
  of?: readonly string[]
  /** Asked for again this often as well, ms, while the page is looked at. */
  everyMs?: number
}

/** What an administration page shows: asked for afresh whenever the page is opened, when it changes elsewhere, and by `reload`. */
export function useResource<T>(name: string, read: () => Promise<T>, { of = [], everyMs }: ResourceOptions = {}) {
  const queries = useQueryClient()
  const queryKey = ["admin", name]
  const { data, error, isPending } = useQuery({
    queryKey,
    queryFn: read,
    staleTime: 0,
    gcTime: 0,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  })
  useAudited(of, () => void queries.invalidateQueries({ queryKey }))
  return { data, error, isPending, reload: () => queries.invalidateQueries({ queryKey }) }
}

/** Calls `onNews` whenever the audit log has new entries of one of the nouns; "*": of any. */
export function useAudited(nouns: readonly string[], onNews: () => void): void {
  const { audited } = useWorkspace()
  const news = useEffectEvent(onNews)
  const wanted = nouns.join(" ")
  useEffect(() => {
    const of = new Set(wanted.split(" "))
    return audited.subscribe(() => {
      if (of.has("*") || audited.get().some((noun) => of.has(noun))) news()
    })
  }, [audited, wanted])
}

/** What went wrong, what that means and what to do. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  return adminWords.admin.problem(refusalOf(error))
}

/** Runs one change at a time and tells in the Activity strip how it ended; `problem` stays until the next try. */
export function useChange() {
  const workspace = useWorkspace()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = useCallback(
    async <T>(work: () => Promise<T>, done: string | null = adminWords.admin.saved): Promise<T | null> => {
      setIsBusy(true)
      setProblem(null)
      try {
        const result = await work()
        if (done !== null) tell(workspace, done)
        return result ?? (true as T)
      } catch (error) {
        const sentence = sentenceOf(error)
        setProblem(sentence)
        tell(workspace, sentence, { isProblem: true })
        return null
      } finally {
        setIsBusy(false)
      }
    },
    [workspace],
  )
  return { run, isBusy, problem }
}
