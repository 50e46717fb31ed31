import { createHash, type Hash } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { open } from "node:fs/promises"
import { dirname } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import { createTarDecoder, createTarPacker } from "modern-tar"

/**
 * One file, a gzipped tar that every tar program opens:
 *
 *   backup.json                    what this is and of what: read before anything else
 *   database/<table>/000001.jsonl  rows as PostgreSQL writes them as JSON, one a line
 *   files/<ab>/<sha256>            attachments and recordings, named by their content
 *   secret.key                     what opens sealed secrets, unless it is kept elsewhere
 *   manifest.json                  the last entry: size and SHA-256 of every other, rows of every table
 */
export interface BackupHead {
  format: 1
  causeway: string
  created_at: string
  /** Migrations of the database, first to last. */
  migrations: { number: number; name: string; sha256: string }[]
  /** "environment": CAUSEWAY_SECRET_KEY has to be given again where it is restored. */
  key: "included" | "environment"
}

export interface Manifest {
  entries: { name: string; bytes: number; sha256: string }[]
  rows: Record<string, number>
  /** Where each sequence stood. */
  sequences: Record<string, number>
  files: number
  finished_at: string
}

export const headName = "backup.json"
export const manifestName = "manifest.json"
export const keyName = "secret.key"

export interface ArchiveWriter {
  add(name: string, content: Buffer): Promise<void>
  addStream(name: string, size: number, content: Readable): Promise<void>
  readonly entries: Manifest["entries"]
  /** The file is whole and flushed when it resolves; answers its size. */
  finish(): Promise<number>
  abandon(reason: Error): Promise<void>
}

/** Writes to `path`, which must not exist yet; readable by our user only, as it holds everything. */
export function writeArchive(path: string): ArchiveWriter {
  const { readable, controller } = createTarPacker()
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 })
  const written = pipeline(Readable.fromWeb(readable as never), createGzip({ level: 4 }), file)
  written.catch(() => {}) // heard at finish
  const entries: Manifest["entries"] = []

  async function addStream(name: string, size: number, content: Readable): Promise<void> {
    const hash = createHash("sha256")
    const writer = controller.add({ name, size, mode: 0o600, mtime: new Date(0) }).getWriter()
    for await (const piece of content as AsyncIterable<Buffer>) {
      hash.update(piece)
      await writer.write(new Uint8Array(piece))
    }
    await writer.close()
    entries.push({ name, bytes: size, sha256: hash.digest("hex") })
  }

  return {
    entries,
    addStream,
    add: (name, content) => addStream(name, content.length, Readable.from([content])),
    async finish() {
      controller.finalize()
      await written
      await flush(path)
      return file.bytesWritten
    },
    async abandon(reason) {
      controller.error(reason)
      await written.catch(() => {})
    },
  }
}

async function flush(path: string): Promise<void> {
  for (const place of [path, dirname(path)]) {
    const handle = await open(place, "r")
    await handle.sync()
    await handle.close()
  }
}

/** A backup that cannot be used, and why. */
export class BackupError extends Error {}

export interface Entry {
  name: string
  size: number
  /** To be read to its end before the next entry is asked for. */
  body: Readable
  /** After the body's end. */
  digest(): string
}

/** The archive's entries in order. Throws `BackupError` for what is no archive, or is cut short. */
export async function* readArchive(path: string): AsyncGenerator<Entry> {
  const source = createReadStream(path)
  const gunzip = createGunzip()
  const bytes = Readable.toWeb(gunzip) as ReadableStream<Uint8Array>
  const ended = pipeline(source, gunzip)
  ended.catch(() => {}) // the entries fail with it
  try {
    for await (const { header, body } of bytes.pipeThrough(
      createTarDecoder({ strict: true }) as never,
    ) as never as AsyncIterable<{
      header: { name: string; size: number }
      body: ReadableStream<Uint8Array>
    }>) {
      const hash = createHash("sha256")
      yield { name: header.name, size: header.size, body: hashed(path, body, hash), digest: () => hash.digest("hex") }
    }
    await ended
  } catch (error) {
    throw notWhole(path, error)
  } finally {
    source.destroy()
  }
}

const notWhole = (path: string, error: unknown): BackupError =>
  error instanceof BackupError
    ? error
    : new BackupError(`${path} is no whole backup: ${(error as Error).message || "it was cut short"}`, { cause: error })

function hashed(path: string, body: ReadableStream<Uint8Array>, hash: Hash): Readable {
  async function* pieces() {
    try {
      for await (const piece of body as never as AsyncIterable<Uint8Array>) {
        hash.update(piece)
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      }
    } catch (error) {
      throw notWhole(path, error)
    }
  }
  return Readable.from(pieces(), { objectMode: false })
}

export async function readAll(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of body as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}
