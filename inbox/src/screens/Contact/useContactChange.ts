import { useState } from "react"
import { attempt } from "../../actions.ts"
import { ApiError } from "../../api.ts"
import { bookKey, contactKey } from "../../contacts.ts"
import { laterWords } from "../../later-words.ts"
import { refusalOf } from "../../refusal.ts"
import { tell, useWorkspace, type Workspace } from "../../workspace.ts"

/** What is shown of contacts is asked for again; `id` null: no contact's own, but the lists they are on. */
export async function renew({ queries }: Workspace, id: string | null): Promise<void> {
  const keys = [bookKey, ...(id === null ? [] : [contactKey(id)])]
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })))
}

/**
 * Does a change of a contact, says in the Activity strip that it was done, and shows what the server has now. `undo`: what takes it back. False: it was
 * refused, which is said too.
 */
export function useContactChange(contactId: string) {
  const workspace = useWorkspace()
  return async (work: () => Promise<unknown>, text: string, undo?: () => Promise<unknown>): Promise<boolean> => {
    if (!(await attempt(workspace, work))) return false
    await renew(workspace, contactId)
    const takeBack = async (): Promise<void> => {
      if (undo !== undefined && (await attempt(workspace, undo))) await renew(workspace, contactId)
    }
    tell(workspace, text, undo === undefined ? {} : { undo: takeBack })
    return true
  }
}

/** The same for a form: what went wrong stays beside it until the next try. `text`: what is said when it is done, made of the answer. */
export function useContactForm(contactId: string | null) {
  const workspace = useWorkspace()
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  async function run<T>(work: () => Promise<T>, text: (answer: T) => string): Promise<{ answer: T } | null> {
    setIsBusy(true)
    setProblem(null)
    try {
      const answer = await work()
      await renew(workspace, contactId)
      tell(workspace, text(answer))
      return { answer }
    } catch (error) {
      setProblem(sentenceOf(error))
      return null
    } finally {
      setIsBusy(false)
    }
  }
  return { run, isBusy, problem }
}

/** What went wrong, what that means and what to do. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  return laterWords.contact.problem(refusalOf(error))
}
