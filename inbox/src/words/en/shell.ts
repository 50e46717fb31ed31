export const shell = {
  panes: {
    list: "Size of the list",
  },
  skip: {
    label: "Skip links",
    list: "Skip to the list",
    conversation: "Skip to the conversation",
    reply: "Skip to the reply",
  },
  activity: {
    label: "Activity",
    live: "Live",
    connecting: "Connecting…",
    reconnecting: (time: string | null) => (time === null ? "Reconnecting…" : `Reconnecting… last update ${time}`),
    catchingUp: (changes: number) => (changes === 1 ? "Catching up (1 change)" : `Catching up (${changes} changes)`),
    offline: (waiting: number) =>
      waiting === 0
        ? "Offline"
        : waiting === 1
          ? "Offline — 1 reply waiting on this device"
          : `Offline — ${waiting} replies waiting on this device`,
    archived: (name: string) => `Archived “${name}”`,
    reopened: (name: string) => `Reopened “${name}”`,
    assigned: (name: string) => `Assigned “${name}” to you`,
    unassigned: (name: string) => `Unassigned “${name}”`,
    undone: "Undone. The text is back in the composer.",
    cancelled: "Cancelled: it is not tried again",
    hasLeft: "The message has begun to leave and cannot be taken back.",
    takingBack: "It is taken back as soon as the server answers.",
    retried: "Another try is queued",
    sentWaiting: (count: number) => (count === 1 ? "1 reply is on its way" : `${count} replies are on their way`),
    merged: (name: string) => `Merged into the conversation with ${name}`,
    hurried: "Queued to be sent now",
    undo: "Undo",
    earlier: "Earlier",
    newVersion: "A new version is ready.",
    loadIt: "Load it",
    takenBack: (text: string) => `Taken back: ${text}`,
    undoOf: (text: string) => `Undo: ${text}`,
    failed: (what: string) => `That did not work. ${what}`,
  },
  account: {
    contacts: "Contacts",
    admin: "Administration",
    open: (name: string) => `Account: ${name}`,
    signedInAs: "Signed in as",
    keys: "Keyboard keys",
    signOut: "Sign out",
  },
  keys: {
    title: "Keyboard keys",
    note: "Single keys act only while you are not writing.",
    noteOff: "Single letters and signs are switched off in your settings.",
    elsewhere: "Elsewhere",
    where: {
      anywhere: "Anywhere",
      list: "In the list",
      conversation: "In the conversation",
      composer: "While writing a reply",
      call: "In a call",
      log: "In the delivery log",
    },
  },
  palette: {
    label: "Find a command",
    placeholder: "What would you like to do?",
    none: "No command fits these words.",
    found: (count: number) => (count === 1 ? "1 command" : `${count} commands`),
  },
}
