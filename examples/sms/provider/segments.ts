/** How many parts a text message takes on the air, and in which alphabet. Source: 3GPP TS 23.038, 6.2.1 and TS 23.040, 9.2.3.24.1. */
export interface Segments {
  encoding: "GSM-7" | "UCS-2"
  /** Septets in GSM-7, 16-bit units in UCS-2. */
  units: number
  count: number
}

const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
/** Each takes an escape before it: two septets, and they stay together. */
const extension = new Set("\f^{}\\[~]|€")

const single = { "GSM-7": 160, "UCS-2": 70 }
/** Six octets of every part say which one it is. */
const concatenated = { "GSM-7": 153, "UCS-2": 67 }

export function segmentsOf(text: string): Segments {
  const characters = [...text]
  const isGsm = characters.every((one) => basic.has(one) || extension.has(one))
  const encoding = isGsm ? "GSM-7" : "UCS-2"
  const sizes = characters.map((one) => (isGsm ? (extension.has(one) ? 2 : 1) : one.length))
  const units = sizes.reduce((sum, size) => sum + size, 0)
  if (units <= single[encoding]) return { encoding, units, count: 1 }
  return { encoding, units, count: parts(sizes, concatenated[encoding]) }
}

/** No character is divided between two parts. */
function parts(sizes: readonly number[], max: number): number {
  let count = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > max) {
      count++
      used = 0
    }
    used += size
  }
  return count
}
