import { createTurns } from "../delivery/turns.ts"
import { HttpError, OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"
import { scannedFiles } from "../metrics/meters.ts"
import type { FileStore, OpenFile } from "./files.ts"
import type { Scanner } from "./scanner.ts"

/** A verdict holds for so long: what no scanner knew yesterday may be known today. */
const verdictMs = 24 * 60 * 60_000
const verdictsMax = 10_000
/** Scanners have few threads, and each file takes one. */
const scansMax = 4

interface Verdict {
  found: string | null
  atMs: number
}

/**
 * Files that are opened only once `scanner` has found nothing in them. One in which it found something is kept from everyone: `open` throws 403 with its name.
 * Where it comes to no verdict `open` throws an `OutageError`: a file is rather held back than handed out unseen. Files come in and are kept as ever.
 */
export function scanned(files: FileStore, scanner: Scanner, log: Log, now: () => number = Date.now): FileStore {
  const verdicts = new Map<string, Verdict>()
  /** A file that many ask for at once is scanned once. */
  const running = new Map<string, Promise<string | null>>()
  const turn = createTurns({ max: scansMax })
  let isLost = false

  async function scan(name: string, file: OpenFile): Promise<string | null> {
    const found = await turn(() => scanner.scan(file.stream()))
    scannedFiles.inc({ verdict: found === null ? "clean" : "refused" })
    if (isLost) log.info("scanner.back")
    isLost = false
    if (found !== null) log.warn({ file: name, found }, "files.refused")
    if (verdicts.size >= verdictsMax) verdicts.delete(verdicts.keys().next().value as string)
    verdicts.set(name, { found, atMs: now() })
    return found
  }

  async function foundIn(name: string, file: OpenFile): Promise<string | null> {
    const known = verdicts.get(name)
    if (known !== undefined && now() - known.atMs < verdictMs) return known.found
    verdicts.delete(name)
    const scanning = running.get(name) ?? scan(name, file).finally(() => running.delete(name))
    running.set(name, scanning)
    return await scanning
  }

  return {
    ...files,
    async open(sha256) {
      const file = await files.open(sha256)
      if (file === null) return null
      const found = await foundIn(sha256.toString("hex"), file).catch((error: unknown) => {
        scannedFiles.inc({ verdict: "none" })
        if (!isLost) log.error({ err: error }, "scanner.lost")
        isLost = true
        throw new OutageError("the file is held back until the virus scanner answers", 10, { cause: error })
      })
      if (found === null) return file
      throw new HttpError(403, `This file is kept from everyone: the virus scanner found ${found} in it`, {
        code: "file_refused",
      })
    },
  }
}
