import { readdirSync } from "node:fs"
import { join } from "node:path"

/** Every sentence of a language: those of the first screen and of all that comes later, whichever catalogue they are in. */
async function read(language: string): Promise<Record<string, object>> {
  const folder = join(import.meta.dirname, language)
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts"))
  const areas: object[] = await Promise.all(files.map((file) => import(join(folder, file))))
  return Object.assign({}, ...areas.flatMap((area) => Object.values(area)))
}

export const everySentence = {
  en: await read("en"),
  fr: await read("fr"),
  de: await read("de"),
  ar: await read("ar"),
}
