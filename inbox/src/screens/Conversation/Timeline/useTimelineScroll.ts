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

  // Looked at while the older ones are being drawn: only then is it known where everything stands before they come in above.
  const drawnFirst = useRef(first)
  if (first !== drawnFirst.current && box.current !== null && content.current !== null)
    anchor.current ??= anchorIn(box.current, content.current)

  useLayoutEffect(() => {
    drawnFirst.current = first
    if (anchor.current === null || box.current === null) return
    const { element, top } = anchor.current
    anchor.current = null
    if (element.isConnected) pin(box.current, element, top, settleFrames)
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

  return { box, content, hasUnseen, isAtEnd, toEnd }
}

/** As many frames may pass until what came in above has its real height: before that, what is out of sight has a remembered or a guessed one. */
const settleFrames = 3

/** Keeps an element where it was on the screen, until it settles or somebody scrolls. */
function pin(box: HTMLElement, element: Element, top: number, frames: number): void {
  box.scrollTop += element.getBoundingClientRect().top - top
  const left = box.scrollTop
  if (frames > 0)
    requestAnimationFrame(() => {
      if (box.scrollTop === left && element.isConnected) pin(box, element, top, frames - 1)
    })
}

/** What is read at the moment: the first entry in sight, and where it stands. */
function anchorIn(box: HTMLElement, content: HTMLElement): { element: Element; top: number } | null {
  const { top } = box.getBoundingClientRect()
  const element = [...content.querySelectorAll("article")].find(
    (candidate) => candidate.getBoundingClientRect().bottom > top,
  )
  return element === undefined ? null : { element, top: element.getBoundingClientRect().top }
}
