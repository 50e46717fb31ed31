import type { ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { Composer } from "../Composer/ComposerPlace.tsx"
import { BesideConversation } from "../Contact/BesideConversation.tsx"
import styles from "./Conversation.module.css"
import header from "./Header/Header.module.css"
import { Back, Header } from "./Header/Header.tsx"
import split from "./Split.module.css"
import { Timeline } from "./Timeline/Timeline.tsx"
import { useConversation } from "./useConversation.ts"
import { useGone } from "./useGone.ts"

export function Conversation({ id, view }: { id: string; view: ConversationViewName }) {
  const conversation = useConversation(id)
  if (useGone(id)) return <Away title={words.list.gone[0]} text={words.list.gone[1]} view={view} />
  switch (conversation.state) {
    case "loading":
      return <Loading view={view} />
    case "missing":
      return <Away title={words.failedLoad.missing} text={words.failedLoad.missingHint} view={view} />
    case "unreachable":
      return (
        <Notice title={words.failedLoad.conversation} text={words.unreachable.text} onRetry={conversation.reload} />
      )
    case "open": {
      const { row, channel, entries, gaps, older } = conversation
      return (
        <div className={split.split}>
          <div className={split.main}>
            <Header row={row} view={view} />
            <Timeline key={row.id} row={row} entries={entries} gaps={gaps} older={older} />
            <Composer key={`composer ${row.id}`} row={row} channel={channel} />
          </div>
          <BesideConversation row={row} />
        </div>
      )
    }
  }
}

/** There is nothing to read here, or no more; on a phone nothing else leads back. */
function Away({ title, text, view }: { title: string; text: string; view: ConversationViewName }) {
  return (
    <Notice title={title} text={text}>
      <Link to="/inbox/$view" params={{ view }} search={(previous) => previous}>
        {words.failedLoad.back}
      </Link>
    </Notice>
  )
}

const skeletonBubbles = [62, 44, 70, 38]

function Loading({ view }: { view: ConversationViewName }) {
  return (
    <>
      <header className={header.head}>
        <Back view={view} />
        <h2 className="said">{words.loading}</h2>
      </header>
      <Late>
        <output className="said">{words.loading}</output>
        <div className={styles.skeleton} aria-hidden="true">
          {skeletonBubbles.map((width, index) => (
            <i key={width} data-side={index % 2 === 0 ? "in" : "out"} />
          ))}
        </div>
        <Late afterMs={8_000}>
          <p className={styles.slow}>{words.slow}</p>
        </Late>
      </Late>
    </>
  )
}
