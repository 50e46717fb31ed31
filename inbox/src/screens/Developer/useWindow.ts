import { type RefObject, useEffect, useState } from "react"

const around = 8

/** Which of many rows of one height are drawn; `onEnd` when the last ones are near. */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, rowPx: number, onEnd: () => void) {
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  const from = Math.max(0, Math.floor(top / rowPx) - around)
  const to = Math.min(count, Math.ceil((top + height) / rowPx) + around)
  return {
    from,
    to,
    onScroll() {
      const element = box.current
      if (element === null) return
      setTop(element.scrollTop)
      if (element.scrollTop + element.clientHeight > (count - around) * rowPx) onEnd()
    },
  }
}
