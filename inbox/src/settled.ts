import { useEffect, useState } from "react"

/** A conversation that is passed on the way to another one costs no more than its timeline. */
export const passingMs = 150

/** Whether what `key` names has been shown for a moment: what only those need who stay is asked for then. */
export function useSettled(key: string): boolean {
  const [settled, setSettled] = useState<string | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), passingMs)
    return () => clearTimeout(timer)
  }, [key])
  return settled === key
}
