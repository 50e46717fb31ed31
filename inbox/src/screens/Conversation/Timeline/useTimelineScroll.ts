import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"

const atEndPx = 60

interface Ends {
  /** What stands last and first at the moment, by key. */
  last: string | null
  first: string | null
  /** Whether the last is one's own: then it is scrolled to wherever one was reading. */
  isOwnLast: boolean
}

interface TimelineScroll {
  box: RefObject<HTMLElement | null>
  content: RefObject<HTMLDivElement | null>
  /** Whether something came below what is seen. */
  hasUnseen: boolean
  /** Whether the end is in sight. */
  isAtEnd: { readonly current: boolean }
  toEnd(): void
  /** To be called before older messages are asked for: what is read stays where it is. */
  beforeOlder(): void
}

/** Opens at the end and stays there while it is there; otherwise what is read never moves. */
export function useTimelineScroll({ last, first, isOwnLast }: Ends): TimelineScroll {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const anchor = useRef<{ element: Element; top: number } | null>(null)
  const [hasUnseen, setHasUnseen] = useState(false)

  const toEnd = useCallback(() => {
    isAtEnd.current = true
    setHasUnseen(false)
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [])

  const shown = useRef(last)
  useLayoutEffect(() => {
    if (last === shown.current) return
    shown.current = last
    if (isAtEnd.current || isOwnLast) toEnd()
    else setHasUnseen(true)
  }, [last, isOwnLast, toEnd])

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when older messages came in above
  useLayoutEffect(() => {
    if (anchor.current === null || box.current === null) return
    const { element, top } = anchor.current
    anchor.current = null
    if (element.isConnected) box.current.scrollTop += element.getBoundingClientRect().top - top
  }, [first])

  useEffect(() => {
    const element = box.current
    if (element === null || content.current === null) return
    const onScroll = (): void => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < atEndPx
      if (isAtEnd.current) setHasUnseen(false)
    }
    // Pictures and frames get their height late, and the composer takes some of ours.
    const grown = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    })
    element.addEventListener("scroll", onScroll, { passive: true })
    grown.observe(content.current)
    grown.observe(element)
    return () => {
      element.removeEventListener("scroll", onScroll)
      grown.disconnect()
    }
  }, [])

  const beforeOlder = useCallback(() => {
    const top = box.current?.getBoundingClientRect().top ?? 0
    const shown = [...(content.current?.querySelectorAll("article") ?? [])]
    const element = shown.find((candidate) => candidate.getBoundingClientRect().bottom > top)
    anchor.current = element === undefined ? null : { element, top: element.getBoundingClientRect().top }
  }, [])
  return { box, content, hasUnseen, isAtEnd, toEnd, beforeOlder }
}
