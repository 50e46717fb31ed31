import type { Words } from "../words.ts"

/** Where a command is offered; the sheet of keys is sorted by it. */
export type Where = "anywhere" | "list" | "conversation" | "composer" | "call" | "log"

export interface Command {
  where: Where
  /** Its keys until a teammate chooses others, written as in chord.ts; the first one is shown. Empty: in the palette only. */
  keys: readonly string[]
  /** Its element listens for the key by itself: it is listed in the sheet, checked like the others, and not dispatched. */
  isOwn?: true
}

/**
 * Everything that a key or the palette can do. To add a command: a line here and its words in `words/<language>/commands.ts`; then, in the component that can
 * do it, `useCommand("name", run)`, with null for `run` while it cannot. keys/commands.test.ts says whether the key is free.
 *
 * Two commands may share a key when they are of different places and one of these is "call" or "log": those hold only while the focus is within an
 * element with `data-keys="call"`.
 */
const table = {
  palette: { where: "anywhere", keys: ["Mod+k", "Mod+Shift+Space"] },
  keys: { where: "anywhere", keys: ["?"] },
  undo: { where: "anywhere", keys: ["z"] },
  nextRegion: { where: "anywhere", keys: ["Mod+F6"] },
  previousRegion: { where: "anywhere", keys: ["Mod+Shift+F6"] },
  search: { where: "anywhere", keys: ["/"] },
  goOpen: { where: "anywhere", keys: ["g i"] },
  goMine: { where: "anywhere", keys: ["g m"] },
  goUnassigned: { where: "anywhere", keys: ["g u"] },
  goFailed: { where: "anywhere", keys: ["g f"] },
  goDrafts: { where: "anywhere", keys: ["g d"] },
  goSnoozed: { where: "anywhere", keys: ["g z"] },
  goArchived: { where: "anywhere", keys: ["g a"] },
  goContacts: { where: "anywhere", keys: ["g p"] },
  goSettings: { where: "anywhere", keys: ["g ,"] },
  notifications: { where: "anywhere", keys: [] },
  goAdmin: { where: "anywhere", keys: ["g o"] },
  goDeveloper: { where: "anywhere", keys: [] },
  goLog: { where: "anywhere", keys: ["g l"] },
  goSimulator: { where: "anywhere", keys: ["g s"] },
  console: { where: "conversation", keys: ["g w", "Mod+`"] },
  signOut: { where: "anywhere", keys: [] },

  next: { where: "list", keys: ["j", "ArrowDown"] },
  previous: { where: "list", keys: ["k", "ArrowUp"] },
  select: { where: "list", keys: ["x"] },
  selectNext: { where: "list", keys: ["Shift+j"] },
  selectPrevious: { where: "list", keys: ["Shift+k"] },
  selectAll: { where: "list", keys: ["*"] },
  open: { where: "list", keys: ["Enter", "o"] },
  archive: { where: "list", keys: ["e"] },
  assign: { where: "conversation", keys: ["a"] },
  tag: { where: "conversation", keys: ["t"] },
  snooze: { where: "conversation", keys: ["h"] },
  follow: { where: "conversation", keys: [] },
  trash: { where: "conversation", keys: ["#"] },
  contact: { where: "conversation", keys: ["c"] },
  unread: { where: "list", keys: ["Shift+u"] },
  assignToMe: { where: "list", keys: ["i"] },

  reply: { where: "conversation", keys: ["r"] },
  nextMessage: { where: "conversation", keys: ["n"] },
  previousMessage: { where: "conversation", keys: ["p"] },
  messageActions: { where: "conversation", keys: ["."] },
  retry: { where: "conversation", keys: ["y"] },
  leave: { where: "conversation", keys: ["u", "Escape"] },

  callPlay: { where: "call", keys: ["Space"] },
  callBack: { where: "call", keys: ["ArrowLeft"] },
  callForward: { where: "call", keys: ["ArrowRight"] },
  callFarBack: { where: "call", keys: ["PageUp"] },
  callFarForward: { where: "call", keys: ["PageDown"] },
  callStart: { where: "call", keys: ["Home"] },
  callEnd: { where: "call", keys: ["End"] },
  callFind: { where: "call", keys: ["f"] },
  callFollow: { where: "call", keys: ["t"] },

  logHold: { where: "log", keys: ["l"] },
  logFilter: { where: "log", keys: ["f"] },
  logReplay: { where: "log", keys: ["r"] },
  logEdit: { where: "log", keys: ["Shift+r", "e"] },
  logCopy: { where: "log", keys: ["c"] },
  logCompare: { where: "log", keys: ["d"] },

  send: { where: "composer", keys: ["Mod+Enter"], isOwn: true },
  leaveComposer: { where: "composer", keys: ["Escape"], isOwn: true },
} as const satisfies Partial<Record<keyof Words["commands"], Command>>

export type CommandId = keyof typeof table

export const commands: Readonly<Record<CommandId, Command>> = table
export const commandIds = Object.keys(table) as CommandId[]
