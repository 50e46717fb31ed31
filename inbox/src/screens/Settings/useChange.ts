import type { Preferences } from "@causeway/contract/inbox-preferences"
import { changePreferences } from "../../settings/preferences.ts"
import { settingsWords } from "../../settings-words.ts"
import { tell, tellProblem, useWorkspace } from "../../workspace.ts"

/** Changes preferences, and says whether the server has them now. */
export function useChange(): (change: Partial<Preferences>) => void {
  const workspace = useWorkspace()
  return (change) => {
    changePreferences(change).then(
      () => tell(workspace, settingsWords.settings.saved),
      (error: unknown) => tellProblem(workspace, error),
    )
  }
}
