const accented: Readonly<Record<string, string>> = {
  a: "á",
  b: "ƀ",
  c: "ç",
  d: "đ",
  e: "é",
  f: "ƒ",
  g: "ĝ",
  h: "ĥ",
  i: "í",
  j: "ĵ",
  k: "ķ",
  l: "ļ",
  m: "ɱ",
  n: "ñ",
  o: "ö",
  p: "þ",
  q: "ɋ",
  r: "ŕ",
  s: "š",
  t: "ţ",
  u: "û",
  v: "ṽ",
  w: "ŵ",
  x: "ẋ",
  y: "ý",
  z: "ž",
  A: "Å",
  B: "Ɓ",
  C: "Ç",
  D: "Ð",
  E: "É",
  F: "Ƒ",
  G: "Ĝ",
  H: "Ĥ",
  I: "Î",
  J: "Ĵ",
  K: "Ķ",
  L: "Ļ",
  M: "Ṁ",
  N: "Ñ",
  O: "Ö",
  P: "Þ",
  Q: "Ǫ",
  R: "Ŕ",
  S: "Š",
  T: "Ţ",
  U: "Û",
  V: "Ṽ",
  W: "Ŵ",
  X: "Ẋ",
  Y: "Ý",
  Z: "Ž",
}

/** How much longer than English the longest languages run; sentences of the pseudo-language are that much longer. */
const growth = 0.4

/** What is put into a sentence (a name, a time) is no sentence: it stays as it is between these two, which no sentence contains. */
const opened = "\uE000"
const closed = "\uE001"
const given = new RegExp(`${opened}([^${closed}]*)${closed}`, "g")

/** `[Ŝéñđ ~~]`: accented, longer, and bracketed, so that what is cut off or was never translated shows. */
export function pseudoOf(sentence: string): string {
  const parts = sentence.split(given)
  const letters = parts.map((part, index) =>
    index % 2 === 1 ? part : part.replace(/[A-Za-z]/g, (letter) => accented[letter] ?? letter),
  )
  const length = parts.reduce((sum, part, index) => sum + (index % 2 === 1 ? 0 : part.length), 0)
  return `[${letters.join("")}${"~".repeat(Math.ceil(length * growth))}]`
}

/** The same tree with every sentence made pseudo, also those that functions make. */
export function pseudoWords<Tree>(tree: Tree): Tree {
  return pseudo(tree) as Tree
}

function pseudo(node: unknown): unknown {
  if (typeof node === "string") return node.trim() === "" ? node : pseudoOf(node)
  if (typeof node === "function") {
    return (...values: unknown[]) =>
      pseudo(node(...values.map((value) => (typeof value === "string" ? `${opened}${value}${closed}` : value))))
  }
  if (Array.isArray(node)) return node.map(pseudo)
  if (node === null || typeof node !== "object") return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, pseudo(value)]))
}
