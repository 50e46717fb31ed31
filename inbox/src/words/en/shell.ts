export const shell = {
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
    retried: "Another try is queued",
    sentWaiting: (count: number) => (count === 1 ? "1 reply is on its way" : `${count} replies are on their way`),
    merged: (name: string) => `Merged into the conversation with ${name}`,
    hurried: "Queued to be sent now",
    undo: "Undo",
    failed: (what: string) => `That did not work: ${what}`,
  },
  account: {
    open: (name: string) => `Account: ${name}`,
    signedInAs: "Signed in as",
    keys: "Keyboard keys",
    signOut: "Sign out",
  },
  keys: {
    title: "Keyboard keys",
    note: "Single keys act only while you are not writing.",
  },
  /** What each key and each line of the palette does. */
  commands: {
    next: "Next conversation",
    previous: "Previous conversation",
    open: "Open the conversation",
    reply: "Write a reply",
    archive: "Archive or reopen",
    assignToMe: "Assign to me",
    retry: "Retry the last failed reply",
    undo: "Undo the last action",
    leave: "Back to the list",
    keys: "Show the keys",
    palette: "Find a command",
    nextRegion: "Next part of the screen",
    previousRegion: "Previous part of the screen",
    goOpen: "Go to Open",
    goMine: "Go to Mine",
    goUnassigned: "Go to Unassigned",
    goFailed: "Go to Failed",
    goArchived: "Go to Archived",
    goSettings: "Go to your settings",
    signOut: "Sign out",
    send: "Send (while writing)",
    leaveComposer: "Leave the composer; the draft stays",
  },
}
