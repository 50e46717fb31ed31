import { useInbox } from "../../inbox-state.ts"
import type { ListQuery } from "../../lists.ts"
import { Notice } from "../../parts/Notice.tsx"
import { listOf } from "../../store.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"

/** The wide layout's place for a conversation before one is chosen; quiet while there is nothing to choose from. */
export function NoConversation({ query }: { query: ListQuery }) {
  const { me } = useWorkspace()
  const isEmpty = useInbox((state) => listOf(state, query, me)?.total === 0)
  if (isEmpty) return null
  return <Notice title={words.conversation.none} text={words.conversation.noneHint} />
}
