/** Why an aim is missed where it is: what the profile says, and what would be needed. Only those that the figures miss are printed. */
interface Shortfall {
  /** Of `Aim.what`. */
  aim: RegExp
  profile: string
  needed: string
}

const shortfalls: readonly Shortfall[] = [
  {
    aim: /^accept ÷ the same server without the database/,
    profile:
      "Of two cores a kept message takes 0.35 ms in Node, 0.25 in PostgreSQL and 0.1 in the load's driver; without the database it is 0.25 in Node and the driver alone. Node's part is one core: 0.25 ÷ 0.35 is the most that one process comes to, and here it shares the other core with PostgreSQL and the driver.",
    needed:
      "a third core for PostgreSQL and the driver brings it near that 0.7; beyond, fewer statements a batch (one that finds contacts and threads, one that writes conversation, message and notice), which are half of what keeping costs Node",
  },
  {
    aim: /^accept ÷ Prism/,
    profile:
      "Prism checks a request, keeps nothing, and answers 1,300 to 2,200 a second on this machine; four times that is more than this server answers without any database, whose HTTP, credentials and checks take 0.25 ms of the one core that Node has.",
    needed: "several server processes on cores of their own: the database's part is 0.25 ms a message and has room",
  },
  {
    aim: /^p99 of accept at half of the peak/,
    profile:
      "A batch of twenty takes 8 to 10 ms, most of it waiting for its turn on two cores in five round trips; a request waits for one and a half of them. What stands still on top: major collections of Node's memory (15 to 20 ms, every few seconds), the first counting of new tables, and a flush that has company. Until words were merged apart from batches, one batch in ten thousand messages stood still for 100 ms.",
    needed: "cores that server, database and driver do not share; fewer round trips a batch",
  },
  {
    aim: /^end to end ÷ accept/,
    profile:
      "Telling a message costs more than keeping it: 0.42 ms in Node (signing, a request, its answer, the attempt's record) and 0.53 ms in PostgreSQL (claim, attempt, result, who comes next), because lanes are claimed one by one, four messages at a time, and each notice is written three times: kept, started, ended.",
    needed:
      "one claim over several lanes; starting and ending an attempt in one row that is written once where the partner answers at once, which gives up the trace of an attempt whose process died",
  },
  {
    aim: /^list: (mine|a tag)/,
    profile:
      "The rows of the page come from an index in 3 ms; how many there are is counted, in an index, once for all who look within two seconds: the first who looks waits for 10,000 entries.",
    needed:
      "counting less often than every two seconds, and an older number on the screen; counters kept with each change would cost every message more than they save a list",
  },
  {
    aim: /^list: /,
    profile: "Fifty rows lie on fifty pages, which a company of that size has not in memory.",
    needed: "`shared_buffers` of a quarter of the memory instead of 128 MB",
  },
  {
    aim: /^accept with .* messages ÷ empty/,
    profile:
      "The same statements and plans. A message of 500 conversations reads 1.2 to 1.5 pages that are not in PostgreSQL's 128 MB (of an index 0.65 GB large, message_uid, nearly one), and its log is 12 kB instead of 4, because the first change of a page after a checkpoint logs all of it. Over any of a million conversations it is 12.5 pages read, 4.6 of them from the disk and one after the other, and 54 kB of log, while half of the processors rest: each of a message's twelve indexes is touched at another place.",
    needed:
      "memory: `shared_buffers` of a quarter of it, and checkpoints further apart (`max_wal_size`); no index is without a question that needs it",
  },
  {
    aim: /^drain ÷ replies as they are written/,
    profile:
      "Every lane has more to do than the others beside it and gives way in turn; a reply costs the same as one that is written now, less its request.",
    needed: "more cores: PostgreSQL takes 3 ms of one for each reply",
  },
  {
    aim: /clients that do not read/,
    profile:
      "The kernel keeps 1.7 MB for each of them (447,700 pages of TCP memory for 1,000, by /proc/net/sockstat): beyond `net.ipv4.tcp_mem`'s second figure (383,779 on this machine) it begins to prune what all connections have waiting. On a quiet machine others notice nothing (p99 12 to 14 ms beside them); on a busy one they do.",
    needed:
      "`net.ipv4.tcp_wmem = 4096 16384 524288`: Node has no means to say it for one connection; the server itself lets go of whoever has not read for two minutes, or when 64 MB wait in all",
  },
  {
    aim: /^p99 from reply to partner/,
    profile:
      "A reply is written, claimed, sent over a connection of its own and settled: three transactions, which replies that come together share but for the claim, and each of which takes the company's feed in turn with all the others, while four processes share two cores. At a quarter of the peak, 140 a second, it is 56 ms; the peak itself has risen from 166 to 561 a second.",
    needed: "cores that server, database, partner and driver do not share",
  },
  {
    aim: /^p99 until the last of/,
    profile:
      "One event is written to each stream in turn by one thread; a bare server that writes the same bytes takes half as long.",
    needed: "several server processes: each writes to its own streams",
  },
  {
    aim: /^idle server/,
    profile:
      "Half of it is Node itself and its code cache; the rest is the contract's schemas, of which checks are compiled when first needed.",
    needed: "fewer modules loaded before they are asked for",
  },
]

/** Null: nobody has looked into it. */
export const shortfallOf = (what: string): Pick<Shortfall, "profile" | "needed"> | null =>
  shortfalls.find(({ aim }) => aim.test(what)) ?? null
