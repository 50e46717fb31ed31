/** Samples per second; enough for speech. */
const rate = 8000

/**
 * A WAV file (16 bit, mono) in which two voices take turns: tones that rise and fall like sentences. The same seconds and key give the same bytes.
 */
export function syntheticRecording(seconds: number, key: number): Buffer {
  const samples = Math.round(seconds * rate)
  const data = Buffer.alloc(samples * 2)
  for (let i = 0; i < samples; i++) {
    const t = i / rate
    const turn = Math.floor(t / 2.4)
    const within = (t % 2.4) / 2.4
    const pitch = (turn % 2 === 0 ? 130 : 210) + (key % 7) * 6
    const isPause = within > 0.82
    const syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * (3.1 + (key % 3) * 0.4) * t)
    const sound = Math.sin(2 * Math.PI * pitch * t) + 0.4 * Math.sin(2 * Math.PI * pitch * 2.01 * t)
    const loud = isPause ? 0.01 : 0.32 * syllable * Math.sin(Math.PI * Math.min(1, within / 0.82))
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sound * loud)) * 32_000), i * 2)
  }
  return Buffer.concat([waveHeader(data.length), data])
}

/** RIFF, one `fmt ` chunk of plain samples, one `data` chunk. */
function waveHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44)
  header.write("RIFF", 0)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.write("WAVEfmt ", 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20) // plain samples
  header.writeUInt16LE(1, 22) // mono
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write("data", 36)
  header.writeUInt32LE(dataBytes, 40)
  return header
}
