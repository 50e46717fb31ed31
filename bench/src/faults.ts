/** One way of proving the server under faults. Its module is only loaded when it is asked for. */
interface Proof {
  /** Whether these arguments ask for it. */
  isAskedFor(args: readonly string[]): boolean
  /** The lines of --help. */
  usage: string
  /** Returns the exit code: 0 when everything held. */
  run(args: string[]): Promise<number>
}

/** The first one that is asked for runs, with all arguments; each reads its own options. */
const proofs: Proof[] = [
  {
    isAskedFor: (args) => args.includes("--sim"),
    usage: `--sim [--deliveries N] [--seed N]
  Runs the delivery engine itself in simulated worlds: servers that die, freeze and lose their database, partners that do
  everything partners do, people who undo, retry and tell again, all in virtual time; every promise is checked at every
  commit. Default: 1,000,000 deliveries from seed 1. A failure prints its seed and what led to it; --seed N --deliveries 1
  runs that one world again.`,
    run: async (args) => (await import("./sim/command.ts")).runSim(args),
  },
  {
    isAskedFor: (args) => args.includes("--mutants"),
    usage: `--mutants [--file NAME]… [--verbose]
  Changes the code that decides about deliveries in one place at a time, and runs its unit tests and the simulator over
  each change: they have to notice nine in ten. Default: every such file, some minutes. --verbose tells what noticed each.`,
    run: async (args) => (await import("./mutants/command.ts")).runMutants(args),
  },
  {
    isAskedFor: (args) => !args.includes("--sim") && !args.includes("--mutants"),
    usage: `[--row N]… [--seed N] [--kills N] [--json]
  The fault matrix: real servers, a real database and partners in processes of their own, while something misbehaves; then
  the ledgers of both sides are held against the database. Default: every row in its short form from seed 1;
  CAUSEWAY_FULL=1 makes rows as long as they are promised. --kills: how often rows that kill do so (25; 1,000 in full).`,
    run: async (args) => (await import("./matrix/command.ts")).runMatrix(args),
  },
]

const usage = () =>
  `Usage: npm run faults -- [options]

Proves what the server promises under faults, on this machine alone. Exit code 0: everything held.
${proofs.map((proof) => `\n${proof.usage.trim()}\n`).join("")}`

const args = process.argv.slice(2)
const proof = proofs.find((one) => one.isAskedFor(args))
if (args.includes("--help") || proof === undefined) {
  process.stdout.write(usage())
  process.exitCode = args.includes("--help") ? 0 : 2
} else {
  // At once: after many killed children Node was seen to spin over their handles for ever.
  process.exit(await proof.run(args))
}
