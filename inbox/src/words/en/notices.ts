import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("en")

export const notices = {
  notices: {
    label: (count: number) =>
      count === 0 ? "Notifications" : plural(count, { one: "Notifications: # new", other: "Notifications: # new" }),
    title: "Notifications",
    none: "Nothing new. What concerns you while you look elsewhere is collected here.",
    openAll: "Mark all as seen",
    settings: "Choose what you are told of",
    new: "New",
    kinds: {
      message: "New message",
      mention: "You were mentioned",
      assigned: "Assigned to you",
      note: "New note",
      failed: "Your reply did not arrive",
      offline: "Channel offline",
    },
    sentence: (what: string, who: string) => (who === "" ? what : `${what}: ${who}`),
    levels: {
      label: (inbox: string) => `Told of in ${inbox}`,
      all: "Everything",
      mine: "Mine and unassigned",
      mentions: "Mentions only",
      none: "Nothing",
    },
    sound: {
      label: "Sound",
      off: "Off",
      background: "While I look elsewhere",
      always: "Always",
      test: "Test",
      played: "You should have heard two notes.",
      silent: "This browser lets no sound out. Check the tab’s and the computer’s volume.",
    },
    quiet: {
      label: "Quiet hours",
      hint: "No sound and no browser notification; everything is still collected here.",
      from: "From",
      to: "Until",
    },
    browser: {
      label: "Browser notifications",
      text: "Your browser can show a note on your screen while Causeway is behind other windows: who wrote, and their first words. It will ask you once.",
      enable: "Enable",
      disable: "Turn off",
      on: "On for this device.",
      denied: "Your browser blocks them for this address. Allow them in its site settings, then come back.",
      unsupported: "This browser has none.",
    },
    saved: "Notification choices saved",
    failed: "Your choices could not be loaded.",
  },
}
