import type { CallView } from "@causeway/contract/resources/call"
import { useRef, useState } from "react"
import { useCommand } from "../../../keys/useCommand.ts"
import { laterWords } from "../../../later-words.ts"
import styles from "./Call.module.css"
import { Recording } from "./Recording.tsx"
import { Transcript } from "./Transcript.tsx"
import { usePlayer } from "./usePlayer.ts"

const said = laterWords.call

/** What was said: summary, recordings, transcript; of what has not arrived yet, that it has not. The transcript goes with the first recording. */
export function Conversing({ call, isFocused }: { call: CallView; isFocused: boolean }) {
  const player = usePlayer()
  const find = useRef<HTMLInputElement>(null)
  const [follows, setFollows] = useState(true)
  const { recordings, transcript, summary } = call
  const [first, ...others] = recordings
  const hasSound = isFocused && first !== undefined
  const within = (run: () => unknown) => (hasSound ? run : null)
  // On a button or a link Space presses that.
  const isOnControl = (): boolean => document.activeElement?.matches("button, a, select, input") === true
  useCommand(
    "callPlay",
    within(() => !isOnControl() && player.toggle()),
  )
  useCommand(
    "callBack",
    within(() => player.move(-5)),
  )
  useCommand(
    "callForward",
    within(() => player.move(5)),
  )
  useCommand(
    "callFarBack",
    within(() => player.move(-30)),
  )
  useCommand(
    "callFarForward",
    within(() => player.move(30)),
  )
  useCommand(
    "callStart",
    within(() => player.seek(0)),
  )
  useCommand(
    "callEnd",
    within(() => player.seek(player.duration)),
  )
  useCommand("callFind", isFocused && transcript !== null ? () => find.current?.focus() : null)
  useCommand("callFollow", isFocused && transcript !== null ? () => setFollows((follow) => !follow) : null)

  const isUnanswered = call.connected_at === null
  if (isUnanswered && recordings.length === 0 && transcript === null && summary === null) return null
  return (
    <>
      <section className={styles.part}>
        <h4>{said.summary}</h4>
        {summary === null ? (
          <p className={styles.missing}>{said.noSummary}</p>
        ) : (
          <p className={styles.summary} dir="auto">
            {summary}
          </p>
        )}
      </section>
      <section className={styles.part}>
        {first === undefined ? (
          <>
            <h4>{said.recording}</h4>
            <p className={styles.missing}>{said.noRecording}</p>
          </>
        ) : (
          <Recording messageId={call.message_id} recording={first} player={player} lines={transcript ?? []} />
        )}
        {others.map((recording) => (
          <OtherRecording key={recording.id} messageId={call.message_id} recording={recording} />
        ))}
      </section>
      <section className={styles.part}>
        {transcript === null ? (
          <>
            <h4>{said.transcript}</h4>
            <p className={styles.missing}>{said.noTranscript}</p>
          </>
        ) : (
          <Transcript
            lines={transcript}
            time={player.hasStarted ? player.time : null}
            find={find}
            follows={follows}
            onFollow={setFollows}
            onSeek={first === undefined ? null : (seconds) => player.playFrom(seconds)}
          />
        )}
      </section>
    </>
  )
}

/** With a player of its own. */
function OtherRecording({ messageId, recording }: { messageId: string; recording: CallView["recordings"][number] }) {
  const player = usePlayer()
  return <Recording messageId={messageId} recording={recording} player={player} lines={[]} />
}
