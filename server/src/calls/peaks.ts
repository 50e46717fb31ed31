/** How loud a recording is along its length: what a waveform is drawn from. */
export interface Peaks {
  /** Seconds. */
  duration: number
  /** The loudest of each of as many equal parts, 0 to 1, in hundredths. */
  peaks: number[]
}

export const peaksCount = 400
/** A header, its chunk of the format and whatever stands before the sound; ours. */
const headBytesMax = 64 * 1024

interface Format {
  /** A sample's bytes, and its loudness 0 to 1 at an offset. */
  bytes: number
  read(data: Buffer, at: number): number
  channels: number
  rate: number
  dataAt: number
}

/**
 * Reads a WAV file piece by piece: PCM of 8 to 32 bits, 32-bit floats, and the telephone's A-law and µ-law. Null for everything else. Source: Multimedia
 * Programming Interface and Data Specifications 1.0 (RIFF WAVE); ITU-T G.711.
 */
export async function readPeaks(source: AsyncIterable<Buffer>, size: number): Promise<Peaks | null> {
  let head = Buffer.alloc(0)
  let format: Format | null = null
  let rest: Buffer = Buffer.alloc(0)
  let frame = 0
  let frames = 0
  const peaks = new Float64Array(peaksCount)
  for await (const piece of source) {
    if (format === null) {
      head = Buffer.concat([head, piece])
      format = readHead(head)
      if (format === null) {
        if (head.length > headBytesMax || !looksLikeWav(head)) return null
        continue
      }
      frames = Math.floor((size - format.dataAt) / (format.bytes * format.channels))
      rest = head.subarray(format.dataAt)
    } else rest = Buffer.concat([rest, piece])
    const step = format.bytes * format.channels
    const whole = Math.min(Math.floor(rest.length / step), frames - frame)
    for (let i = 0; i < whole; i++, frame++) {
      const bucket = Math.floor((frame * peaksCount) / frames)
      for (let channel = 0; channel < format.channels; channel++) {
        const loud = format.read(rest, i * step + channel * format.bytes)
        if (loud > (peaks[bucket] as number)) peaks[bucket] = loud
      }
    }
    rest = rest.subarray(whole * step)
  }
  if (format === null || frames <= 0) return null
  return { duration: frames / format.rate, peaks: [...peaks].map((peak) => Math.round(Math.min(1, peak) * 100) / 100) }
}

const looksLikeWav = (head: Buffer): boolean =>
  head.length < 12 || (head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WAVE")

/** The format once the beginning of the sound is there; null before, and for what cannot be read. */
function readHead(head: Buffer): Format | null {
  if (head.length < 12 || !looksLikeWav(head)) return null
  let found: Omit<Format, "dataAt"> | null = null
  for (let at = 12; at + 8 <= head.length; ) {
    const name = head.toString("latin1", at, at + 4)
    const length = head.readUInt32LE(at + 4)
    if (name === "data") return found === null ? null : { ...found, dataAt: at + 8 }
    if (name === "fmt ") {
      if (at + 8 + Math.min(length, 40) > head.length) return null
      found = readFormat(head.subarray(at + 8, at + 8 + length))
    }
    at += 8 + length + (length % 2)
  }
  return null
}

function readFormat(chunk: Buffer): Omit<Format, "dataAt"> | null {
  if (chunk.length < 16) return null
  const tag = chunk.readUInt16LE(0)
  const channels = chunk.readUInt16LE(2)
  const rate = chunk.readUInt32LE(4)
  const bits = chunk.readUInt16LE(14)
  // WAVE_FORMAT_EXTENSIBLE names the real format at the beginning of its GUID.
  const read = readerOf(tag === 0xfffe && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag, bits)
  if (read === null || channels < 1 || channels > 16 || rate < 1) return null
  return { bytes: bits / 8, read, channels, rate }
}

function readerOf(tag: number, bits: number): Format["read"] | null {
  if (tag === 1 && bits === 8) return (data, at) => Math.abs((data[at] as number) - 128) / 128
  if (tag === 1 && bits === 16) return (data, at) => Math.abs(data.readInt16LE(at)) / 2 ** 15
  if (tag === 1 && bits === 24) return (data, at) => Math.abs(data.readIntLE(at, 3)) / 2 ** 23
  if (tag === 1 && bits === 32) return (data, at) => Math.abs(data.readInt32LE(at)) / 2 ** 31
  if (tag === 3 && bits === 32) return (data, at) => Math.abs(data.readFloatLE(at)) || 0
  if (tag === 6 && bits === 8) return (data, at) => aLaw(data[at] as number)
  if (tag === 7 && bits === 8) return (data, at) => muLaw(data[at] as number)
  return null
}

function muLaw(byte: number): number {
  const bits = ~byte & 0x7f
  return ((((bits & 0x0f) << 3) + 0x84) * 2 ** (bits >> 4) - 0x84) / 2 ** 15
}

function aLaw(byte: number): number {
  const bits = (byte ^ 0x55) & 0x7f
  const exponent = bits >> 4
  const step = ((bits & 0x0f) << 4) + 8
  return (exponent === 0 ? step : (step + 0x100) * 2 ** (exponent - 1)) / 2 ** 15
}
