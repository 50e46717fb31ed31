import { execFileSync } from "node:child_process"
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"

/** A small file system of its own, in memory. */
export interface SmallDisk {
  /** Fills it to the last byte; what was filled in before is taken out first. */
  fill(): void
  free(): void
  setReadOnly(isReadOnly: boolean): void
  setMebibytes(mebibytes: number): void
  unmount(): void
}

/** Mounts one at `path`, which is made. Throws with the reason where this machine refuses that, as it does to ordinary users. */
export function mountSmallDisk(path: string, mebibytes: number): SmallDisk {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=700`, "causeway-faults", path], {
    stdio: "pipe",
  })
  const ballast = join(path, "ballast")
  const free = () => rmSync(ballast, { force: true })
  return {
    fill() {
      free()
      const file = openSync(ballast, "w")
      for (const size of [1024 * 1024, 4096]) writeUntilFull(file, size)
      closeSync(file)
    },
    free,
    setReadOnly: (isReadOnly) =>
      void execFileSync("mount", ["-o", `remount,${isReadOnly ? "ro" : "rw"}`, path], { stdio: "pipe" }),
    setMebibytes: (size) => void execFileSync("mount", ["-o", `remount,size=${size}m`, path], { stdio: "pipe" }),
    unmount: () => void execFileSync("umount", ["-l", path], { stdio: "pipe" }),
  }
}

function writeUntilFull(file: number, bytes: number): void {
  const piece = Buffer.alloc(bytes, "x")
  try {
    for (;;) writeSync(file, piece)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error
  }
}

/** What a mount needs is root; the reason as a sentence where it was refused. */
export const refusal = (error: unknown): string =>
  `a small file system cannot be mounted (${String((error as { stderr?: Buffer }).stderr ?? error).trim()})`
