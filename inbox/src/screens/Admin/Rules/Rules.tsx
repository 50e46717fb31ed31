import { useParams } from "@tanstack/react-router"
import { adminWords } from "../../../admin-words.ts"
import { Notice } from "../../../parts/Notice.tsx"
import { useMay } from "../access.ts"
import { RuleList } from "./RuleList.tsx"
import { RulePage } from "./RulePage.tsx"

/** The rules in their order, one of them, or a new one: what the address says. */
export default function Rules() {
  const { itemId } = useParams({ strict: false })
  const may = useMay("rules")
  if (itemId === undefined) return <RuleList />
  if (!may.change)
    return <Notice title={adminWords.admin.onlyAdmins} text={adminWords.admin.onlyAdminsText} level={1} />
  return <RulePage key={itemId} id={itemId === "new" ? null : itemId} />
}
