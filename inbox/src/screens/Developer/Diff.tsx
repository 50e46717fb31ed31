import { developerWords } from "../../developer-words.ts"
import admin from "../Admin/Admin.module.css"
import styles from "./Developer.module.css"
import { diffOf } from "./exchange.ts"

const said = developerWords.log

/** What of two texts is the same, and what only one of them has: by sign and by element, not by colour alone. */
export function Diff({ before, after }: { before: string; after: string }) {
  const lines = diffOf(before, after)
  if (lines.every(({ side }) => side === "both")) return <p>{said.same}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <pre className={`${admin.code} ${styles.diff}`} tabIndex={0} dir="ltr">
      {lines.map(({ side, text }, i) => {
        const Line = side === "before" ? "del" : side === "after" ? "ins" : "span"
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never move
          <Line key={i}>
            {side === "before" ? "− " : side === "after" ? "+ " : "  "}
            {text}
          </Line>
        )
      })}
    </pre>
  )
}
