/** A line of a conversation: who speaks, from when, and for how long. */
export interface Voice {
  speaker: "internal" | "external"
  startSeconds: number
  seconds: number
}

const rate = 8000
const pitch = { internal: 118, external: 190 }

/**
 * What a conversation might sound like through a wall: two voices of different pitch that rise and fall in syllables, silence in between. Mono,
 * 16 bit, 8 kHz, as telephones record. Nobody's voice, so that it may be given away.
 */
export function murmur(voices: readonly Voice[]): Buffer<ArrayBuffer> {
  const seconds = Math.max(1, ...voices.map(({ startSeconds, seconds }) => startSeconds + seconds))
  const samples = new Int16Array(Math.ceil(seconds * rate))
  for (const voice of voices) {
    const first = Math.floor(voice.startSeconds * rate)
    for (let i = 0; i < voice.seconds * rate; i++) samples[first + i] = Math.round(9000 * sampleOf(voice, i / rate))
  }
  return wav(samples)
}

function sampleOf({ speaker, seconds }: Voice, at: number): number {
  const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.7 * at + 0.6 * Math.sin(5 * at)))
  const fade = Math.min(1, at * 20, (seconds - at) * 20)
  const tone = pitch[speaker] * (1 + 0.06 * Math.sin(2 * Math.PI * 0.8 * at))
  const phase = 2 * Math.PI * tone * at
  return fade * syllable * (0.5 * Math.sin(phase) + 0.28 * Math.sin(2 * phase) + 0.14 * Math.sin(4 * phase))
}

/** RIFF, WAVE, one format chunk and one of data. Source: RFC 2361 and the format's own description. */
function wav(samples: Int16Array): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(44)
  header.write("RIFF", 0)
  header.writeUInt32LE(36 + samples.byteLength, 4)
  header.write("WAVEfmt ", 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write("data", 36)
  header.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer)])
}
