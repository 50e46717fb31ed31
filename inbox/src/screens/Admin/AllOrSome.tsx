import { useState } from "react"
import styles from "./Admin.module.css"

interface AllOrSomeProps {
  legend: string
  all: string
  some: string
  /** What can be ticked, as programs write it. */
  options: readonly string[]
  /** Ticked at first; null: all of them. */
  given: readonly string[] | null
}

/** In a form: everything, or what is ticked of it. `chosenIn` reads it. */
export function AllOrSome({ legend, all, some, options, given }: AllOrSomeProps) {
  const [isAll, setIsAll] = useState(given === null)
  return (
    <>
      <fieldset className={styles.choices}>
        <legend>{legend}</legend>
        <label>
          <input type="radio" name="which" value="all" checked={isAll} onChange={() => setIsAll(true)} />
          <span>{all}</span>
        </label>
        <label>
          <input type="radio" name="which" value="some" checked={!isAll} onChange={() => setIsAll(false)} />
          <span>{some}</span>
        </label>
      </fieldset>
      {!isAll && (
        <fieldset className={`${styles.choices} ${styles.columns}`}>
          <legend className="said">{some}</legend>
          {options.map((option) => (
            <label key={option}>
              <input type="checkbox" name="some" value={option} defaultChecked={given?.includes(option) ?? false} />
              <span dir="ltr">{option}</span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}

/** What was ticked; null: all of them. */
export const chosenIn = (data: FormData): string[] | null =>
  data.get("which") === "all" ? null : data.getAll("some").map(String)
