import { expect } from "vitest"
import { type Story, unique } from "./story.ts"

/** A second of silence for each second asked for, as 8-bit WAV. */
export function wav(seconds: number): File {
  const head = Buffer.alloc(44)
  const length = 8000 * seconds
  head.write("RIFF\0\0\0\0WAVEfmt ", 0, "latin1")
  for (const [value, at] of [
    [16, 16],
    [8000, 24],
    [8000, 28],
    [length, 40],
  ] as const)
    head.writeUInt32LE(value, at)
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [1, 32],
    [8, 34],
  ] as const)
    head.writeUInt16LE(value, at)
  head.write("data", 36, "latin1")
  return new File([head, Buffer.alloc(length, 128)], "call.wav", { type: "audio/wav" })
}

/** A call that has ended, with a recording of a minute and what was said in it, from somebody known by their name. */
export async function endedCall(story: Story, name: string): Promise<void> {
  const calls = `/channels/${story.channelId}/calls`
  const id = unique("call")
  const ask = async (method: string, path: string, options: object): Promise<void> => {
    const answer = await story.call(method, calls + path, { token: story.channelToken(), ...options })
    expect(answer.status, answer.text).toBeLessThan(300)
  }
  const moved = (call_status: string, agoMs: number) =>
    ask("PATCH", `/${id}`, { json: { call_status, occurred_at: Date.now() - agoMs } })
  const begun = { external_call_id: id, initial_status: "ringing", direction: "inbound", parent_external_call_id: "" }
  const started = { from: { handle: name, name }, started_at: Date.now() - 70_000 }
  await ask("POST", "", { json: { ...begun, ...started } })
  await moved("connected", 60_000)
  // Now: it is the newest of all conversations.
  await moved("hangup", 0)
  const recording = new FormData()
  recording.set("recording_type", "call")
  recording.append("attachments", wav(60))
  await ask("POST", `/${id}/recording`, { form: recording })
  const lines = ["The old address is wrong.", "Lindengasse 12."].map((content, i) => ({
    ...{ speaker_name: name, speaker_type: "external", content, start_time_seconds: 1 + i * 12 },
  }))
  await ask("POST", `/${id}/transcript`, { json: { lines } })
  await ask("POST", `/${id}/summary`, { json: { content: "New address taken." } })
}
