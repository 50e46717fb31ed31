import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseAst } from "vite"
import { type Mutant, mutantsOf, type Node } from "./mutate.ts"
import type { Target } from "./targets.ts"

export const root = fileURLToPath(new URL("../../../", import.meta.url))

/** The mutants of a target's file, always the same ones in the same order. */
export function readMutants(target: Target): Mutant[] {
  const text = readFileSync(`${root}${target.file}`, "utf8")
  return mutantsOf(text, parseAst(text, { lang: "ts" }) as unknown as Node, target)
}
