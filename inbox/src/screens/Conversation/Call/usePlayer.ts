import { type RefObject, useRef, useState } from "react"

/** A native audio element as the card drives it. Times in seconds. */
export interface Player {
  audio: RefObject<HTMLAudioElement | null>
  isPlaying: boolean
  hasStarted: boolean
  isFailed: boolean
  time: number
  duration: number
  /** For the element. */
  events: {
    onPlay(): void
    onPause(): void
    onTimeUpdate(): void
    onSeeked(): void
    onDurationChange(): void
    onError(): void
  }
  toggle(): void
  seek(seconds: number): void
  move(seconds: number): void
  playFrom(seconds: number): void
}

export function usePlayer(): Player {
  const audio = useRef<HTMLAudioElement>(null)
  const [isPlaying, setIsPlaying] = useState(false)
  const [hasStarted, setHasStarted] = useState(false)
  const [isFailed, setIsFailed] = useState(false)
  const [time, setTime] = useState(0)
  const [duration, setDuration] = useState(0)
  const tick = (): void => setTime(audio.current?.currentTime ?? 0)
  function seek(seconds: number): void {
    if (audio.current === null) return
    const end = Number.isFinite(audio.current.duration) ? audio.current.duration : seconds
    audio.current.currentTime = Math.min(end, Math.max(0, seconds))
    setHasStarted(true)
    setTime(audio.current.currentTime)
  }
  // A browser may refuse to play, or be told to pause before it began: then nothing plays, and the button says so. What it cannot read at all it may say here alone.
  const play = (): void =>
    void audio.current?.play().catch((error: DOMException) => {
      setIsPlaying(false)
      if (error.name === "NotSupportedError") setIsFailed(true)
    })
  return {
    audio,
    isPlaying,
    hasStarted,
    isFailed,
    time,
    duration,
    events: {
      onPlay() {
        setIsPlaying(true)
        setHasStarted(true)
      },
      onPause: () => setIsPlaying(false),
      onTimeUpdate: tick,
      onSeeked: tick,
      onDurationChange: () =>
        setDuration(Number.isFinite(audio.current?.duration) ? (audio.current?.duration ?? 0) : 0),
      onError: () => setIsFailed(true),
    },
    toggle() {
      if (audio.current?.paused) play()
      else audio.current?.pause()
    },
    seek,
    move: (seconds) => seek((audio.current?.currentTime ?? 0) + seconds),
    playFrom(seconds) {
      seek(seconds)
      play()
    },
  }
}
