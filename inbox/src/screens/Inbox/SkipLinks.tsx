import { words } from "../../words.ts"
import styles from "./Inbox.module.css"

/** What each skip link leads to: the first of these that is there. Their addresses are not followed, since the address says what is shown. */
const targets = [
  { href: "#list", text: words.skip.list, selector: '[role="listbox"]' },
  { href: "#conversation", text: words.skip.conversation, selector: "[data-conversation-title]" },
  { href: "#reply", text: words.skip.reply, selector: "[data-composer-field]" },
]

export function SkipLinks({ hasConversation }: { hasConversation: boolean }) {
  const shown = hasConversation ? targets : targets.slice(0, 1)
  return (
    <nav className={styles.skips} aria-label={words.skip.label}>
      {shown.map(({ href, text, selector }) => (
        <a
          key={href}
          href={href}
          onClick={(event) => {
            event.preventDefault()
            document.querySelector<HTMLElement>(selector)?.focus()
          }}
        >
          {text}
        </a>
      ))}
    </nav>
  )
}
