import { ApiError } from "@causeway/sdk"
import type { Store } from "./store.ts"

export const queueSchema = `create table if not exists task (
  id integer primary key autoincrement, lane text not null, body text not null, attempts integer not null default 0, due_at integer not null
) strict; create index if not exists task_lane on task (lane, id);`

/** What is to be told to the platform: kept in the store, in order per lane, tried until it is accepted or refused for good. */
export interface Queue<Task> {
  /** Keeps a task. Call it in the transaction that causes it, and `wake` after. */
  put(lane: string, task: Task): void
  wake(): void
  /** Resolves when nothing is under way and nothing is due; what waits for its next attempt stays. */
  settle(): Promise<void>
  /** Starts nothing more and waits for what is under way. */
  close(): Promise<void>
}

export interface QueueOptions<Task> {
  work(task: Task): Promise<unknown>
  /** It will never be accepted. Called in the transaction that takes it out. */
  onRefused?(task: Task, error: Error): void
  /** Whether trying again cannot help. Default: a 4xx that says so. */
  isFinal?(error: unknown, attempts: number, task: Task): boolean
  /** Before the second attempt, ms; doubled after each, up to a minute. Default 500. */
  firstPauseMs?: number
}

interface Row {
  id: number
  lane: string
  body: string
  attempts: number
  due_at: number
}

const lanesMax = 16
const pauseMsMax = 60_000

export function openQueue<Task>(store: Store, options: QueueOptions<Task>): Queue<Task> {
  const { isFinal = isRefusal, firstPauseMs = 500 } = options
  const running = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function runLane(lane: string): Promise<void> {
    for (;;) {
      const row = store.one<Row>("select * from task where lane = ? order by id limit 1", lane)
      if (isClosed || row === undefined || row.due_at > Date.now()) return
      const task = JSON.parse(row.body) as Task
      try {
        await options.work(task)
        store.run("delete from task where id = ?", row.id)
      } catch (error) {
        settleFailure(row, task, error as Error)
      }
    }
  }

  function settleFailure(row: Row, task: Task, error: Error): void {
    const attempts = row.attempts + 1
    if (!isFinal(error, attempts, task)) {
      const pauseMs = Math.min(pauseMsMax, firstPauseMs * 2 ** row.attempts)
      store.run("update task set attempts = ?, due_at = ? where id = ?", attempts, Date.now() + pauseMs, row.id)
      return
    }
    store.tx(() => {
      store.run("delete from task where id = ?", row.id)
      options.onRefused?.(task, error)
    })
  }

  /** The first task of each lane decides when the lane goes on. */
  function wake(): void {
    if (isClosed) return
    clearTimeout(timer)
    const heads = store.all<Row>(
      "select * from task where id in (select min(id) from task group by lane) order by due_at limit 1000",
    )
    for (const { lane, due_at } of heads) {
      if (due_at > Date.now() || running.size >= lanesMax) break
      if (running.has(lane)) continue
      const run = runLane(lane).finally(() => {
        running.delete(lane)
        wake()
      })
      running.set(lane, run)
    }
    const next = heads.find(({ lane }) => !running.has(lane))
    // Where all lanes are busy, the first that ends looks again.
    if (next !== undefined) timer = setTimeout(wake, Math.max(10, next.due_at - Date.now())).unref()
  }

  return {
    put(lane, task) {
      store.run("insert into task (lane, body, due_at) values (?, ?, ?)", lane, JSON.stringify(task), Date.now())
    },
    wake,
    async settle() {
      while (running.size > 0) await Promise.all(running.values())
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}

/** The platform said no, and will say it again. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status >= 400 && error.status < 500 && ![401, 408, 425, 429].includes(error.status)
}
