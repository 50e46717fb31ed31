import type { Settings } from "./settings.ts"

/** An option of a command. Without a `value` it is a switch. */
export interface Option {
  /** What stands for its value in the help, `ID`. */
  value?: string
  text: string
  /** May be given several times. */
  many?: boolean
}

/** One command. Its first words are in tree.ts, so that help loads nothing else. */
export interface Command {
  /** Names of what stands after the command, in order; one in brackets may be left out. */
  args?: readonly string[]
  options?: Readonly<Record<string, Option>>
  /** Whole command lines. The tests run each of them, with the ids of a real server in place of those shown. */
  examples: readonly string[]
  /** Beyond the one sentence: what it prints, what it needs. */
  more?: string
  /** Resolves to an exit code other than 0 where something was checked and is not as it should be. */
  run(call: Call): Promise<number | undefined>
}

/** Where a command runs: the process, or a test in its place. */
export interface World {
  env: Record<string, string | undefined>
  cwd: string
  /** Data. */
  out(text: string): void
  /** Talk. */
  err(text: string): void
  /** The whole standard input. */
  stdin(): Promise<string>
  /** A person can be asked. */
  isInteractive: boolean
  /** The width of the terminal in which talk is shown; null: it is none, and nothing may be written over. */
  columns: number | null
  /** What is pressed from now on, key by key, until the signal ends; null: there is no keyboard. */
  keys(signal: AbortSignal): AsyncIterable<string> | null
  /** Colours may be used on stdout. */
  hasColours: boolean
  /** Aborted at Ctrl-C. */
  signal: AbortSignal
}

/** One call of a command: what was typed, and where it runs. */
export interface Call {
  world: World
  settings: Settings
  /** With --json: data for programs. */
  json: boolean
  /** What was typed in this place; missing: "". */
  arg(index: number): string
  option(name: string): string | undefined
  /** All values of an option that may be given several times. */
  all(name: string): string[]
  flag(name: string): boolean
  /** Data: one line of JSON with --json, else what is said to people. */
  show(data: unknown, text: string): void
  /** Talk on stderr; silent with --json. */
  say(text: string): void
  /** How far it is, on stderr: a bar that fills where there is a terminal, else a line; silent with --json. */
  progress(done: number, of: number, note: string): void
  /** The command as it was typed, without options: for the Fix line. */
  typed: string
}
