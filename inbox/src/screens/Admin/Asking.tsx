import { useEffect, useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { decimalOf } from "../../format.ts"
import styles from "./Admin.module.css"

const said = adminWords.connect
const limitSeconds = 7

/** That its server is being asked, and for how long by now. Read out once, at the start; the numbers are for the eye. */
export function Asking() {
  const [beganAt] = useState(() => performance.now())
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((performance.now() - beganAt) / 1000), 100)
    return () => clearInterval(timer)
  }, [beganAt])
  return (
    <div className={styles.asking}>
      <output>{said.asking}</output>
      <progress max={limitSeconds} value={Math.min(limitSeconds, seconds)} aria-hidden="true" />
      <span aria-hidden="true">{said.clock(decimalOf(Math.min(limitSeconds, seconds)))}</span>
    </div>
  )
}
