import { useNavigate } from "@tanstack/react-router"
import { lazy, type ReactNode, Suspense, useState } from "react"
import { moveRegion } from "../keys/regions.ts"
import { useCommand, useKeys } from "../keys/useCommand.ts"
import type { viewNames } from "../lists.ts"
import { useWorkspace } from "../workspace.ts"
import { useUndo } from "./useUndo.ts"

const KeySheet = lazy(() => import("../keys/KeySheet.tsx"))
const Drawer = lazy(() => import("./Developer/Drawer.tsx"))
const Palette = lazy(() => import("../keys/Palette.tsx"))

/** What every screen of somebody signed in has: the keys, their sheet, the palette, and the ways from one screen to another. */
export function Shell({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<"keys" | "palette" | null>(null)
  const { role, is_developer } = useWorkspace().session.teammate
  const [isConsole, setIsConsole] = useState(false)
  const isDeveloper = role === "admin" || is_developer
  useKeys()
  useCommand("keys", () => setOpen("keys"))
  useCommand("palette", () => setOpen("palette"))
  useCommand("nextRegion", () => moveRegion(1))
  useCommand("previousRegion", () => moveRegion(-1))
  useCommand("console", isDeveloper ? () => setIsConsole(!isConsole) : null)
  useGoing(isDeveloper)
  useUndo()
  const close = (): void => setOpen(null)
  return (
    <>
      {children}
      <Suspense>
        {isConsole && <Drawer onClose={() => setIsConsole(false)} />}
        {open === "keys" && <KeySheet onClose={close} />}
        {open === "palette" && <Palette onClose={close} />}
      </Suspense>
    </>
  )
}

function useGoing(isDeveloper: boolean): void {
  const navigate = useNavigate()
  const isAdmin = useWorkspace().session.teammate.role === "admin"
  const to = (view: (typeof viewNames)[number]) => () => void navigate({ to: "/inbox/$view", params: { view } })
  useCommand("search", () => void navigate({ to: "/search", search: {} }))
  useCommand("goOpen", to("open"))
  useCommand("goMine", to("mine"))
  useCommand("goUnassigned", to("unassigned"))
  useCommand("goFailed", to("failed"))
  useCommand("goDrafts", to("drafts"))
  useCommand("goSnoozed", to("snoozed"))
  useCommand("goArchived", to("archived"))
  useCommand("goContacts", () => void navigate({ to: "/contacts", search: {} }))
  useCommand("goSettings", () => void navigate({ to: "/settings" }))
  const toDeveloper = (section: "types" | "log" | "simulator") =>
    isDeveloper ? () => void navigate({ to: "/developer/$section", params: { section } }) : null
  useCommand("goDeveloper", toDeveloper("types"))
  useCommand("goLog", toDeveloper("log"))
  useCommand("goSimulator", toDeveloper("simulator"))
  useCommand(
    "goAdmin",
    () => void navigate({ to: "/admin/$section", params: { section: isAdmin ? "teammates" : "channels" } }),
  )
}
