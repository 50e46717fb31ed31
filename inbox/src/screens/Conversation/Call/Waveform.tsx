import type { TranscriptLine } from "@causeway/contract/resources/call"
import { useEffect, useRef } from "react"
import styles from "./Call.module.css"

interface WaveformProps {
  peaks: readonly number[]
  /** Seconds. */
  duration: number
  time: number
  lines: readonly TranscriptLine[]
}

/** Bars as high as it is loud: ours above the line, the customer's below it, and both ways where nobody wrote down who speaks. Decoration: the slider says all. */
export function Waveform({ peaks, duration, time, lines }: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const draw = (): void => paint(element, { peaks, duration, time, lines })
    const resized = new ResizeObserver(draw)
    resized.observe(element)
    const dark = matchMedia("(prefers-color-scheme: dark)")
    dark.addEventListener("change", draw)
    return () => {
      resized.disconnect()
      dark.removeEventListener("change", draw)
    }
  }, [peaks, duration, time, lines])
  return (
    <div aria-hidden="true">
      <canvas ref={canvas} className={styles.waveform} />
    </div>
  )
}

const barPx = 3

function paint(canvas: HTMLCanvasElement, { peaks, duration, time, lines }: WaveformProps): void {
  const context = canvas.getContext("2d")
  const { clientWidth: width, clientHeight: height } = canvas
  if (context === null || width === 0) return
  const scale = devicePixelRatio
  canvas.width = width * scale
  canvas.height = height * scale
  context.scale(scale, scale)
  const style = getComputedStyle(canvas)
  const isMirrored = style.direction === "rtl"
  const colours = { internal: style.color, external: style.borderTopColor, both: style.outlineColor }
  const bars = Math.max(1, Math.floor(width / barPx))
  // A quiet recording has a shape too.
  const highest = Math.max(0.05, ...peaks)
  for (let bar = 0; bar < bars; bar++) {
    const at = (bar / bars) * duration
    const speaker = speakerAt(lines, at)
    const from = Math.floor((bar * peaks.length) / bars)
    const loudest = Math.max(...peaks.slice(from, Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars))))
    const half = Math.max(1, ((loudest / highest) * height) / 2)
    context.fillStyle = colours[speaker]
    context.globalAlpha = at <= time ? 1 : 0.45
    const x = isMirrored ? width - (bar + 1) * barPx : bar * barPx
    const top = speaker === "external" ? height / 2 : height / 2 - half
    context.fillRect(x, top, barPx - 1, speaker === "both" ? half * 2 : half)
  }
}

/** A line goes on until the next one begins. */
function speakerAt(lines: readonly TranscriptLine[], at: number): "internal" | "external" | "both" {
  return lines.findLast((line) => line.start_seconds <= at)?.speaker_type ?? "both"
}
