import { useEffect, useRef, useState } from "react"

/** Takes files that are dropped anywhere in the conversation's pane; true while some are held over it. */
export function useDrop(onFiles: (files: FileList) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const latest = useRef(onFiles)
  latest.current = onFiles
  useEffect(() => {
    const pane = document
      .querySelector<HTMLElement>("[data-composer]")
      ?.closest<HTMLElement>("main, [data-conversation]")
    if (!pane) return
    const ended = new AbortController()
    const { signal } = ended
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    pane.addEventListener("dragover", over, { signal })
    pane.addEventListener(
      "dragleave",
      (event) => {
        if (!pane.contains(event.relatedTarget as Node | null)) setIsOver(false)
      },
      { signal },
    )
    pane.addEventListener(
      "drop",
      (event) => {
        setIsOver(false)
        if (!hasFiles(event) || event.dataTransfer === null) return
        event.preventDefault()
        latest.current(event.dataTransfer.files)
      },
      { signal },
    )
    return () => ended.abort()
  }, [])
  return isOver
}
