import type { LogEntry } from "@causeway/contract/endpoints/log"
import { useCallback, useEffect, useRef, useState } from "react"
import { ApiError } from "../../api.ts"
import { developerApi, type LogFilter } from "../../developer-api.ts"

/** Between two questions when the answer was that nothing changed, or none came. */
const pauseMs = { quiet: 300, lost: 2_000 }

export interface LiveLog {
  /** Newest first; null: not there yet. */
  entries: readonly LogEntry[] | null
  keptDays: number
  isLive: boolean
  /** Came while it was held still. */
  unseen: number
  /** No answer: it is tried again by itself. */
  isLost: boolean
  problem: unknown
  hasMore: boolean
  setLive(isLive: boolean): void
  readOn(): void
}

/** The log as the server has it: each answer is the newest page, which replaces what it knows of the same entries. */
export function useLog(filter: LogFilter): LiveLog {
  const key = JSON.stringify(filter)
  const [shown, setShown] = useState<readonly LogEntry[] | null>(null)
  const [known, setKnown] = useState<readonly LogEntry[] | null>(null)
  const [isLive, setIsLive] = useState(true)
  const [isLost, setIsLost] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [next, setNext] = useState<string | null>(null)
  const [keptDays, setKeptDays] = useState(30)
  const live = useRef(true)
  live.current = isLive

  useEffect(() => {
    const asked = JSON.parse(key) as LogFilter
    let isOver = false
    let etag = ""
    setShown(null)
    setKnown(null)
    async function follow(): Promise<void> {
      while (!isOver) {
        try {
          const page = await (etag === "" ? developerApi.log(asked, null) : developerApi.logAfter(asked, etag))
          if (isOver) return
          setIsLost(false)
          setProblem(null)
          setKeptDays(page.kept_days)
          if (page.etag === etag) await pause(pauseMs.quiet)
          else {
            const isFirst = etag === ""
            etag = page.etag
            setKnown((before) => merge(page.entries, before ?? []))
            if (live.current || isFirst) setShown((before) => merge(page.entries, before ?? []))
            if (isFirst) setNext(page.next)
          }
        } catch (error) {
          if (isOver) return
          if (error instanceof ApiError && !error.isTemporary) return setProblem(error)
          setIsLost(true)
          await pause(pauseMs.lost)
        }
      }
    }
    void follow()
    return () => {
      isOver = true
    }
  }, [key])

  const readOn = useCallback(() => {
    if (next === null) return
    const from = next
    setNext(null) // one page at a time
    developerApi.log(JSON.parse(key) as LogFilter, from).then(
      (page) => {
        setShown((before) => merge(page.entries, before ?? []))
        setKnown((before) => merge(page.entries, before ?? []))
        setNext(page.next)
      },
      () => setNext(from),
    )
  }, [key, next])

  function setLive(wanted: boolean): void {
    setIsLive(wanted)
    if (wanted) setShown(known)
  }
  const unseen = isLive ? 0 : (known?.length ?? 0) - (shown?.length ?? 0)
  return { entries: shown, keptDays, isLive, unseen, isLost, problem, hasMore: next !== null, setLive, readOn }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const numberIn = (id: string): number => Number.parseInt(id.slice(id.indexOf("_") + 1), 36)

/** Both, each entry once and as `page` has it, newest first. */
export function merge(page: readonly LogEntry[], before: readonly LogEntry[]): LogEntry[] {
  const fresh = new Set(page.map(({ id }) => id))
  return [...page, ...before.filter(({ id }) => !fresh.has(id))].sort((a, b) => numberIn(b.id) - numberIn(a.id))
}
