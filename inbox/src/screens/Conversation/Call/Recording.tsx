import type { CallView, TranscriptLine } from "@causeway/contract/resources/call"
import { useQuery } from "@tanstack/react-query"
import { at, request } from "../../../api.ts"
import { sizeOf } from "../../../format.ts"
import { laterWords } from "../../../later-words.ts"
import { Button } from "../../../parts/Button.tsx"
import styles from "./Call.module.css"
import { clockOf, spokenOf } from "./durations.ts"
import type { Player } from "./usePlayer.ts"
import { Waveform } from "./Waveform.tsx"

const said = laterWords.call
const speeds = [0.75, 1, 1.25, 1.5, 2] as const

interface RecordingProps {
  messageId: string
  recording: CallView["recordings"][number]
  player: Player
  /** Who speaks when, for the waveform. */
  lines: readonly TranscriptLine[]
}

/** The browser's own player underneath, with controls that can be reached and understood by key and by ear. */
export function Recording({ messageId, recording, player, lines }: RecordingProps) {
  const { audio, events, isPlaying, isFailed, time, duration } = player
  const { data } = useQuery({
    queryKey: ["peaks", recording.id],
    queryFn: () =>
      request<{ waveform: { duration: number; peaks: number[] } | null }>(
        at`/causeway/messages/${messageId}/attachments/${recording.id}/peaks`,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const waveform = data?.waveform ?? null
  const length = duration || (waveform?.duration ?? 0)
  return (
    <>
      <h4>{recording.type === "voicemail" ? said.voicemail : said.recording}</h4>
      <audio ref={audio} src={recording.url} preload="metadata" {...events} />
      {isFailed ? (
        <p className={styles.missing}>{said.unplayable}</p>
      ) : (
        <div className={styles.player}>
          <Button
            icon={isPlaying ? "pause" : "play"}
            aria-label={isPlaying ? said.pause : said.play}
            title={isPlaying ? said.pause : said.play}
            onClick={player.toggle}
          />
          <span className={styles.clock}>{said.place(clockOf(time), clockOf(length))}</span>
          <div className={styles.seek}>
            {waveform !== null && <Waveform {...waveform} lines={lines} time={time} />}
            <input
              type="range"
              min={0}
              max={Math.max(1, length)}
              step={0.1}
              value={Math.min(time, length)}
              aria-label={said.seek}
              aria-valuetext={said.place(spokenOf(time), spokenOf(length))}
              onChange={(event) => player.seek(Number(event.target.value))}
            />
          </div>
          <select
            aria-label={said.speed}
            defaultValue={1}
            onChange={(event) => {
              if (audio.current !== null) audio.current.playbackRate = Number(event.target.value)
            }}
          >
            {speeds.map((speed) => (
              <option key={speed} value={speed}>
                {speed}×
              </option>
            ))}
          </select>
        </div>
      )}
      <p className={styles.file}>
        <a href={recording.url} download={recording.filename}>
          {said.download} <bdi>{recording.filename}</bdi>
        </a>{" "}
        {sizeOf(recording.size)}
        {data?.waveform === null && ` · ${said.noWaveform}`}
      </p>
    </>
  )
}
