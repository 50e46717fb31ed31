import type { ConversationViewName } from "@causeway/contract/inbox"
import { useInbox } from "../../inbox-state.ts"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"

/** The wide layout's place for a conversation before one is chosen; quiet while there is nothing to choose from. */
export function NoConversation({ view }: { view: ConversationViewName }) {
  const isEmpty = useInbox((state) => state.counts !== null && state.counts[view] === 0)
  if (isEmpty) return null
  return <Notice title={words.conversation.none} text={words.conversation.noneHint} />
}
