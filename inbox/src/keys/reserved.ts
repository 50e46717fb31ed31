/** Keys that browsers keep for themselves or that type a character on some keyboard. Source: ux.md 4.3; WCAG 2.1.4 for the single ones. */
const reserved: ReadonlySet<string> = new Set([
  ...["t", "n", "w", "l", "r", "p", "s"].map((key) => `Mod+${key}`),
  ...["t", "n", "w", "p", "a", "i", "j", "c", "e", "k"].map((key) => `Mod+Shift+${key}`),
  ...["F5", "F6", "F11"],
])

/** Why a key must not be bound; null when it may. `keys` may be a sequence. */
export function whyReserved(keys: string): "browser" | "alt_gr" | "writes" | null {
  for (const chord of keys.split(" ")) {
    if (reserved.has(chord)) return "browser"
    // Ctrl+Alt is how AltGr arrives on Windows, and ⌥ types on Apple's keyboards.
    if (/^(?:(?:Mod|Ctrl|Meta|Shift)\+)*Alt\+(?:Shift\+)?.$/.test(chord)) return "alt_gr"
    if (chord === "Space" || chord === "Tab") return "writes"
  }
  return null
}
