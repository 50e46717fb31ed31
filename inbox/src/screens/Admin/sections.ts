/** The pages of the administration, in the order in which they are listed. */
export const adminSections = [
  "channels",
  "rules",
  "teammates",
  "tokens",
  "webhooks",
  "oauth-clients",
  "audit",
  "health",
] as const

export type AdminSection = (typeof adminSections)[number]
export const isAdminSection = (name: string): name is AdminSection => adminSections.some((section) => section === name)
