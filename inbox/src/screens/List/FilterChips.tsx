import { memo } from "react"
import type { ListQuery } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import { useNarrowings } from "./Filters.tsx"
import styles from "./List.module.css"
import { useNarrow } from "./useListQuery.ts"

/** What a list is narrowed to, each as a chip that can be taken off. */
export default memo(function FilterChips({ query }: { query: ListQuery }) {
  const narrowings = useNarrowings(query)
  const narrow = useNarrow()
  return (
    <ul className={styles.chips} aria-label={words.list.narrowed}>
      {narrowings.map(({ name, text }) => (
        <li key={name}>
          <button type="button" className={styles.chip} onClick={() => narrow({ [name]: undefined })}>
            <span>
              {words.list.by[name]}: <bdi>{text}</bdi>
            </span>
            <Icon name="close" size={12} />
            <span className="said">{words.list.takeOff}</span>
          </button>
        </li>
      ))}
    </ul>
  )
})
