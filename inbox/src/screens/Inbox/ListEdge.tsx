import { memo, useEffect, useState } from "react"
import { Splitter } from "../../parts/Splitter.tsx"
import type { DeviceSettings } from "../../settings/device.ts"
import { setPaneSize } from "../../settings/panes.ts"
import { words } from "../../words.ts"
import styles from "./Inbox.module.css"

const least = { beside: 240, above: 140 }
/** What the conversation keeps at least, CSS px. */
const kept = { beside: 400, above: 260 }

/** Where the list ends and the conversation begins, to be moved. */
export const ListEdge = memo(function ListEdge({
  layout,
  size,
}: {
  layout: DeviceSettings["layout"]
  size: number | null
}) {
  const room = useRoom(layout)
  return (
    <div className={styles.edge}>
      <Splitter
        label={words.panes.list}
        orientation={layout === "beside" ? "vertical" : "horizontal"}
        size={size}
        min={least[layout]}
        max={Math.max(least[layout], room - kept[layout])}
        onSize={(next) => setPaneSize(layout, next)}
      />
    </div>
  )
})

/** How wide or high the window is, CSS px. */
function useRoom(layout: DeviceSettings["layout"]): number {
  const measure = (): number => (layout === "beside" ? window.innerWidth - 216 : window.innerHeight)
  const [room, setRoom] = useState(measure)
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure goes by the layout alone
  useEffect(() => {
    const onResize = (): void => setRoom(measure())
    onResize()
    window.addEventListener("resize", onResize)
    return () => window.removeEventListener("resize", onResize)
  }, [layout])
  return room
}
