import { useNavigate, useParams } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../keys/useCommand.ts"
import type { DeveloperSection } from "./sections.ts"

const Drawer = lazy(() => import("./Drawer.tsx"))

/** The ways of a developer: to the log, to the simulator, and the console of the conversation that is open. */
export default function DeveloperCommands() {
  const navigate = useNavigate()
  const { conversationId } = useParams({ strict: false })
  const [isOpen, setIsOpen] = useState(false)
  const to = (section: DeveloperSection) => () => void navigate({ to: "/developer/$section", params: { section } })
  useCommand("goDeveloper", to("types"))
  useCommand("goLog", to("log"))
  useCommand("goSimulator", to("simulator"))
  useCommand("console", conversationId === undefined ? null : () => setIsOpen(!isOpen))
  if (!isOpen || conversationId === undefined) return null
  return (
    <Suspense>
      <Drawer key={conversationId} conversationId={conversationId} onClose={() => setIsOpen(false)} />
    </Suspense>
  )
}
