import { shownKeys } from "./chord.ts"
import styles from "./Keys.module.css"

/** One way to press it, key by key; read out as it is written. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {shownKeys(keys).map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sequence may name a key twice, and never changes in place
        <kbd key={index}>{key}</kbd>
      ))}
    </span>
  )
}
