import { expect, test } from "vitest"
import { peaksCount, readPeaks } from "./peaks.ts"

/** A WAV file: `samples` as bytes behind the header, with a chunk of words before the sound. */
function wav(tag: number, bits: number, samples: Buffer, channels = 1, rate = 8000): Buffer {
  const head = Buffer.alloc(54)
  head.write("RIFF", 0, "latin1")
  head.writeUInt32LE(46 + samples.length, 4)
  head.write("WAVEfmt ", 8, "latin1")
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(tag, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE((rate * channels * bits) / 8, 28)
  head.writeUInt16LE((channels * bits) / 8, 32)
  head.writeUInt16LE(bits, 34)
  head.write("LIST", 36, "latin1")
  head.writeUInt32LE(1, 40)
  head.write("data", 46, "latin1")
  head.writeUInt32LE(0xffffffff, 50) // as written by what streams
  return Buffer.concat([head, samples])
}

async function* inPieces(file: Buffer, bytes: number) {
  for (let at = 0; at < file.length; at += bytes) yield file.subarray(at, at + bytes)
}
const read = (file: Buffer, bytes = 7) => readPeaks(inPieces(file, bytes), file.length)

const seconds = 2
const count = 8000 * seconds
/** Silent in the first half, at `loud` in the second. */
const half = (bytes: number, quiet: number, loud: number, write: (data: Buffer, value: number, at: number) => void) => {
  const data = Buffer.alloc(count * bytes)
  for (let i = 0; i < count; i++) write(data, i < count / 2 ? quiet : loud, i * bytes)
  return data
}

test.each([
  ["PCM of 8 bits", 1, 8, half(1, 128, 64, (data, value, at) => data.writeUInt8(value, at)), 0.5],
  ["PCM of 16 bits", 1, 16, half(2, 0, -16384, (data, value, at) => data.writeInt16LE(value, at)), 0.5],
  ["PCM of 24 bits", 1, 24, half(3, 0, 2 ** 22, (data, value, at) => data.writeIntLE(value, at, 3)), 0.5],
  ["PCM of 32 bits", 1, 32, half(4, 0, 2 ** 30, (data, value, at) => data.writeInt32LE(value, at)), 0.5],
  ["floats", 3, 32, half(4, 0, -0.5, (data, value, at) => data.writeFloatLE(value, at)), 0.5],
  ["A-law", 6, 8, half(1, 0xd5, 0xaa, (data, value, at) => data.writeUInt8(value, at)), 0.98],
  ["µ-law", 7, 8, half(1, 0xff, 0x80, (data, value, at) => data.writeUInt8(value, at)), 0.98],
])("%s: silence is flat and sound is as high as it is loud", async (_name, tag, bits, samples, loud) => {
  const found = await read(wav(tag, bits, samples), 4096)
  expect(found?.duration).toBe(seconds)
  expect(found?.peaks).toHaveLength(peaksCount)
  expect(Math.max(...(found?.peaks.slice(0, peaksCount / 2) ?? []))).toBeLessThanOrEqual(0.01)
  for (const peak of found?.peaks.slice(peaksCount / 2) ?? []) expect(Math.abs(peak - loud)).toBeLessThanOrEqual(0.02)
})

test("the pieces that a file comes in change nothing, and of two channels the louder one counts", async () => {
  const stereo = half(4, 0, 16384, (data, value, at) => data.writeInt16LE(value, at + 2))
  const file = wav(1, 16, stereo, 2)
  expect(await read(file, 7)).toEqual(await read(file, file.length))
  expect((await read(file))?.peaks.at(-1)).toBe(0.5)
})

test("what is no WAV, is cut within its header, or is packed in a way that is not read has no waveform", async () => {
  expect(await read(Buffer.from("RIFF"))).toBeNull()
  expect(await read(Buffer.from(`ID3${"x".repeat(200)}`))).toBeNull()
  expect(await read(wav(0x55, 16, Buffer.alloc(100)))).toBeNull()
  expect(await read(wav(1, 16, Buffer.alloc(0)))).toBeNull()
})
