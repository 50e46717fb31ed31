import { mkdir, open, readFile, rename, unlink } from "node:fs/promises"
import { dirname } from "node:path"

/** Writes `text` so that only our user can read it, whole or not at all, and flushed when this returns. An older file is replaced. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, "w", 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path).catch(async (error) => {
    await unlink(draft).catch(() => {})
    throw error
  })
}

/** The text of the file, or null when there is none. Anything else that goes wrong is thrown. */
export async function readPrivate(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw error
  }
}
