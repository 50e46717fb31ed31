/** What the developer console’s pages share. */
export const shell = {
  label: "Developer console",
  back: "Inbox",
  only: "Only developers see this",
  onlyText: "Ask an admin to give you the developer flag under Teammates.",
  sections: {
    types: "Channel types",
    log: "Log",
    trace: "Why didn’t it arrive?",
    signatures: "Signatures",
    conformance: "Conformance",
    simulator: "Simulator",
  },
  cancel: "Cancel",
  save: "Save",
  close: "Close",
  open: "Open",
}
