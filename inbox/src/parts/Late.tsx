import { type ReactNode, useEffect, useState } from "react"

const lateMs = 150

/** Shows its content only once waiting is felt: what is there at once should not flash. */
export function Late({ children, afterMs = lateMs }: { children: ReactNode; afterMs?: number }) {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), afterMs)
    return () => clearTimeout(timer)
  }, [afterMs])
  return isLate ? children : null
}
