import type { SessionView } from "@causeway/contract/inbox"
import { useWorkspace } from "../../workspace.ts"
import { type AdminSection, adminSections } from "./sections.ts"

type Caller = SessionView["teammate"]
type Who = (caller: Caller) => boolean

const everybody: Who = () => true
const admins: Who = ({ role }) => role === "admin"
export const isDeveloper: Who = ({ role, is_developer }) => role === "admin" || is_developer

/** Who may open a page of the administration and who may change what is on it, as the server has it: it refuses everybody else anyway. */
const access: Record<AdminSection, { see: Who; change: Who }> = {
  channels: { see: everybody, change: admins },
  rules: { see: everybody, change: admins },
  teammates: { see: admins, change: admins },
  tokens: { see: admins, change: admins },
  webhooks: { see: isDeveloper, change: isDeveloper },
  "oauth-clients": { see: admins, change: admins },
  audit: { see: admins, change: admins },
  health: { see: admins, change: admins },
}

export const sectionsFor = (caller: Caller): AdminSection[] => adminSections.filter((name) => access[name].see(caller))

/** What the teammate who is signed in may do on a page. */
export function useMay(section: AdminSection): { see: boolean; change: boolean } {
  const { teammate } = useWorkspace().session
  return { see: access[section].see(teammate), change: access[section].change(teammate) }
}
