import type { Database } from "./database/database.ts"

const blockSize = 1000
/** Two blocks ahead: more than the largest batch takes between two refills. */
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
      while (available < count) {
        filling ??= fill(count).finally(() => {
          filling = null
        })
        await filling
      }
    },
  }
}
