/** The pages of the developer console, in the order in which they are listed. */
export const developerSections = ["types", "log", "trace", "signatures", "conformance", "simulator"] as const

export type DeveloperSection = (typeof developerSections)[number]
export const isDeveloperSection = (name: string): name is DeveloperSection =>
  developerSections.some((section) => section === name)

/** What the log shows, and what a tool was opened for, as the address says it. */
export interface DeveloperSearch {
  channel?: string
  app?: string
  direction?: string
  what?: string
  outcome?: string
  text?: string
  id?: string
}

const names = ["channel", "app", "direction", "what", "outcome", "text", "id"] as const

/** A number is text here too. */
export const readDeveloperSearch = (given: Record<string, unknown>): DeveloperSearch =>
  Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined || given[name] === "" ? [] : [[name, String(given[name])]])),
  )
