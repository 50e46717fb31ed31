import { createHash, randomUUID } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { OutageError } from "../http/errors.ts"

/** A file that is on disk, flushed, under the name of its content. */
export interface StoredFile {
  sha256: Buffer
  size: number
}

/** Content-addressed files in the data directory. A file is flushed before its row is written, so a row never points at nothing. */
export interface FileStore {
  /** Reads `source` to its end. `onBytes` is told of every piece and may throw to stop. A full disk is an `OutageError`. */
  store(source: Readable, onBytes: (count: number) => void): Promise<StoredFile>
  /** Takes a file away, unless it is younger than `olderThanMs`: then a request may be about to name it. */
  remove(sha256: Buffer, olderThanMs: number): Promise<"removed" | "young" | "missing">
  /** Null when the file is gone or unreadable. */
  open(sha256: Buffer): Promise<OpenFile | null>
}

export interface OpenFile {
  size: number
  /** The whole file, or the bytes from the first to the last of `range`, both included. */
  stream(range?: ByteRange): Readable
}

export interface ByteRange {
  start: number
  end: number
}

export async function openFileStore(dataDir: string): Promise<FileStore> {
  const root = join(dataDir, "files")
  const incoming = join(root, "incoming")
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  // What a crash left half-written belongs to no message.
  for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true })

  const placeOf = (sha256: Buffer) => {
    const name = sha256.toString("hex")
    return { folder: join(root, name.slice(0, 2)), path: join(root, name.slice(0, 2), name) }
  }

  async function store(source: Readable, onBytes: (count: number) => void): Promise<StoredFile> {
    const draft = join(incoming, randomUUID())
    const hash = createHash("sha256")
    let size = 0
    const file = await open(draft, "wx", 0o600)
    try {
      for await (const piece of source as AsyncIterable<Buffer>) {
        onBytes(piece.length)
        hash.update(piece)
        size += piece.length
        await file.write(piece)
      }
      await file.sync()
      await file.close()
      const sha256 = hash.digest()
      const { folder, path } = placeOf(sha256)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await rename(draft, path)
      await flushFolder(folder)
      return { sha256, size }
    } catch (error) {
      await file.close().catch(() => {})
      await rm(draft, { force: true })
      if (isDiskTrouble(error)) throw new OutageError("the file store cannot be written", 5, { cause: error })
      throw error
    }
  }

  return {
    store,
    async remove(sha256, olderThanMs) {
      const { path, folder } = placeOf(sha256)
      const found = await stat(path).catch(() => null)
      if (found === null) return "missing"
      if (Date.now() - found.mtimeMs < olderThanMs) return "young"
      await rm(path)
      await flushFolder(folder)
      return "removed"
    },
    async open(sha256) {
      const { path } = placeOf(sha256)
      try {
        const { size } = await stat(path)
        return { size, stream: (range) => createReadStream(path, range) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
        throw new OutageError("the file store cannot be read", 5, { cause: error })
      }
    },
  }
}

/** A rename is only kept once its folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const isDiskTrouble = (error: unknown): boolean =>
  ["ENOSPC", "EROFS", "EIO", "EDQUOT", "EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code ?? "")
