import type { Database } from "./database/database.ts"

const blockSize = 1000
/** Beyond what is asked for: those who were promised numbers before have perhaps not taken them yet. */
const spare = blockSize
/** More are fetched, and nobody waits for it, when no more than this are left beyond what is asked for. */
const lowWater = 2 * blockSize

/** Numbers for new rows, taken in blocks from one sequence, so that a batch names its rows before it writes them. */
export interface Ids {
  /** The next number, at once. Throws when more are taken than `reserve` provided for. */
  take(): number
  /** Resolves when at least `count` numbers can be taken. */
  reserve(count: number): Promise<void>
}

export function createIds(db: Database): Ids {
  const blocks: { next: number; end: number }[] = []
  let available = 0
  let filling: Promise<void> | null = null

  async function fill(count: number): Promise<void> {
    const blockCount = Math.ceil((count - available + lowWater) / blockSize)
    const rows = await db.query<{ block: number }>({
      name: "ids.reserve",
      text: "select nextval('object_id_block') as block from generate_series(1, $1)",
      values: [blockCount],
    })
    for (const { block } of rows) blocks.push({ next: block * blockSize, end: (block + 1) * blockSize })
    available += rows.length * blockSize
  }

  return {
    take() {
      const block = blocks[0]
      if (block === undefined) throw new Error("no ids reserved: call reserve() before take()")
      const id = block.next++
      available--
      if (block.next === block.end) blocks.shift()
      return id
    },
    async reserve(count) {
      const refill = () => {
        filling ??= fill(count).finally(() => {
          filling = null
        })
        return filling
      }
      if (available < count + lowWater) refill().catch(() => {}) // whoever has to wait for it hears why it failed
      while (available < count + spare) await refill()
    },
  }
}
