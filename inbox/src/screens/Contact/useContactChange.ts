import { attempt } from "../../actions.ts"
import { contactKey } from "../../contacts.ts"
import { tell, useWorkspace } from "../../workspace.ts"

/** Does a change of a contact, says in the Activity strip that it was done, and shows what the server has now. False: it was refused, which is said too. */
export function useContactChange(contactId: string) {
  const workspace = useWorkspace()
  return async (work: () => Promise<unknown>, text: string): Promise<boolean> => {
    if (!(await attempt(workspace, work))) return false
    await workspace.queries.invalidateQueries({ queryKey: contactKey(contactId) })
    tell(workspace, text)
    return true
  }
}
