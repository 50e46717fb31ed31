import { createHash, randomUUID } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { OutageError } from "../http/errors.ts"
import { headBytes } from "./kind.ts"

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
  /** The files of one of the store's `foldersCount` folders that were written between two times, ms since 1970. */
  list(folder: number, writtenAfter: number, writtenBefore: number): Promise<Buffer[]>
  /** Null when the file is gone, or is not what was stored: nobody is given other bytes under its name. */
  open(sha256: Buffer): Promise<OpenFile | null>
}

export interface OpenFile {
  size: number
  /** Its first `headBytes` bytes, or all of them where there are fewer. */
  head(): Promise<Buffer>
  /** The whole file, or the bytes from the first to the last of `range`, both included. */
  stream(range?: ByteRange): Readable
}

export interface ByteRange {
  start: number
  end: number
}

const checkedMax = 10_000

/** A folder for each first byte of a name. */
export const foldersCount = 256

/** `onDamaged` is told the name of a file whose bytes are no longer what was stored. */
export async function openFileStore(dataDir: string, onDamaged: (name: string) => void = () => {}): Promise<FileStore> {
  const root = join(dataDir, "files")
  const incoming = join(root, "incoming")
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  // What a crash left half-written belongs to no message.
  for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true })

  const placeOf = (sha256: Buffer) => {
    const name = sha256.toString("hex")
    return { folder: join(root, name.slice(0, 2)), path: join(root, name.slice(0, 2), name) }
  }

  /** Files whose bytes were read and are right, as they were then: one that was touched since is read again. */
  const checked = new Map<string, string>()

  async function isWhole(sha256: Buffer, path: string, stamp: string): Promise<boolean> {
    if (checked.get(path) === stamp) return true
    const hash = createHash("sha256")
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
    if (!hash.digest().equals(sha256)) return false
    if (checked.size >= checkedMax) checked.delete(checked.keys().next().value as string)
    checked.set(path, stamp)
    return true
  }

  async function store(source: Readable, onBytes: (count: number) => void): Promise<StoredFile> {
    const draft = join(incoming, randomUUID())
    const hash = createHash("sha256")
    let size = 0
    const file = await open(draft, "wx", 0o600).catch((error: unknown) => {
      throw asOutage(error)
    })
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
      // What cannot be removed either is swept at the next start.
      await rm(draft, { force: true }).catch(() => {})
      throw asOutage(error)
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
    async list(folder, writtenAfter, writtenBefore) {
      const place = join(root, folder.toString(16).padStart(2, "0"))
      const found: Buffer[] = []
      for (const name of await readdir(place).catch(() => [])) {
        const { mtimeMs } = (await stat(join(place, name)).catch(() => null)) ?? { mtimeMs: 0 }
        if (/^[0-9a-f]{64}$/.test(name) && mtimeMs > writtenAfter && mtimeMs < writtenBefore)
          found.push(Buffer.from(name, "hex"))
      }
      return found
    },
    async open(sha256) {
      const { path } = placeOf(sha256)
      try {
        const { size, mtimeMs } = await stat(path)
        if (!(await isWhole(sha256, path, `${size} ${mtimeMs}`))) {
          onDamaged(sha256.toString("hex"))
          return null
        }
        return { size, head: () => headOf(path), stream: (range) => createReadStream(path, range) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
        throw new OutageError("the file store cannot be read", 5, { cause: error })
      }
    },
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, "r")
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
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

const asOutage = (error: unknown): unknown =>
  isDiskTrouble(error) ? new OutageError("the file store cannot be written", 5, { cause: error }) : error

const isDiskTrouble = (error: unknown): boolean =>
  ["ENOSPC", "EROFS", "EIO", "EDQUOT", "EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code ?? "")
