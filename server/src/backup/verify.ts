import {
  BackupError,
  type BackupHead,
  headName,
  keyName,
  type Manifest,
  manifestName,
  readAll,
  readArchive,
} from "./archive.ts"

export interface Verified {
  head: BackupHead
  manifest: Manifest
  rows: number
}

/** Reads the whole archive: every entry has its size and SHA-256, none is missing, none is there that should not be. Throws `BackupError` with the first that is not as it was. */
export async function verifyBackup(path: string, onEntry: (count: number) => void = () => {}): Promise<Verified> {
  let head: BackupHead | null = null
  let manifest: Manifest | null = null
  const seen: Manifest["entries"] = []
  for await (const entry of readArchive(path)) {
    if (manifest !== null) throw new BackupError(`${path} goes on after its manifest, with ${entry.name}`)
    if (entry.name === headName || entry.name === manifestName) {
      const parsed = JSON.parse((await readAll(entry.body)).toString("utf8"))
      if (entry.name === headName) head = readHead(parsed, path)
      else manifest = parsed as Manifest
    } else if (head === null) throw new BackupError(`${path} is no backup of Causeway: it begins with ${entry.name}`)
    else for await (const _ of entry.body);
    if (entry.name === manifestName) continue
    const sha256 = entry.digest()
    const named = /^files\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(entry.name)?.[1]
    if (named !== undefined && named !== sha256)
      throw new BackupError(`${entry.name} is not the file it is named after`)
    seen.push({ name: entry.name, bytes: entry.size, sha256 })
    onEntry(seen.length)
  }
  if (head === null || manifest === null) throw new BackupError(`${path} ends before its manifest: it was cut short`)
  compare(seen, manifest.entries)
  if (head.key === "included" && !seen.some(({ name }) => name === keyName))
    throw new BackupError(`${path} has no ${keyName}, although it says so`)
  return { head, manifest, rows: Object.values(manifest.rows).reduce((sum, count) => sum + count, 0) }
}

function readHead(parsed: BackupHead, path: string): BackupHead {
  if (parsed?.format !== 1)
    throw new BackupError(`${path} has the format ${parsed?.format}, and this Causeway knows format 1: use a newer one`)
  return parsed
}

function compare(seen: Manifest["entries"], listed: Manifest["entries"]): void {
  const found = new Map(seen.map((entry) => [entry.name, entry]))
  for (const { name, bytes, sha256 } of listed) {
    const entry = found.get(name)
    if (entry === undefined) throw new BackupError(`${name} is missing`)
    if (entry.bytes !== bytes || entry.sha256 !== sha256) throw new BackupError(`${name} is not as it was written`)
    found.delete(name)
  }
  const [extra] = found.keys()
  if (extra !== undefined) throw new BackupError(`${extra} is not in the manifest`)
}
