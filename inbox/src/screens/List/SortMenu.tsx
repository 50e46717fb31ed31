import { memo, useId, useRef } from "react"
import type { ListQuery } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./List.module.css"
import { useNarrow } from "./useListQuery.ts"

const sorts = ["newest", "oldest", "waiting"] as const

/** In which order; nobody waits in the archive and in the trash. */
export const SortMenu = memo(function SortMenu({ query }: { query: ListQuery }) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const offered = query.view === "archived" || query.view === "trash" ? sorts.slice(0, 2) : sorts
  return (
    <div>
      <button
        type="button"
        className={styles.sortButton}
        popoverTarget={id}
        aria-haspopup="dialog"
        title={words.list.sorts[query.sort]}
      >
        <Icon name="sort" />
        <span className="said">
          {words.list.sort}: {words.list.sorts[query.sort]}
        </span>
      </button>
      <div id={id} ref={menu} popover="auto" role="dialog" aria-label={words.list.sort} className={styles.sortMenu}>
        {offered.map((sort) => (
          <label key={sort}>
            <input
              type="radio"
              name={id}
              checked={sort === query.sort}
              onChange={() => {
                narrow({ sort: sort === "newest" ? undefined : sort })
                menu.current?.hidePopover()
              }}
            />
            {words.list.sorts[sort]}
          </label>
        ))}
      </div>
    </div>
  )
})
