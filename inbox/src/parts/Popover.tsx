import { type CSSProperties, type ReactNode, useId, useRef, useState } from "react"
import type { CommandId } from "../keys/commands.ts"
import { useCommand, useKeysOf } from "../keys/useCommand.ts"
import { Button } from "./Button.tsx"
import type { IconName } from "./Icon.tsx"
import styles from "./Popover.module.css"

interface PopoverProps {
  /** What the button is called, and what opens is about. */
  label: string
  icon: IconName
  /** The command that opens it; its key is the button's too. */
  command: CommandId
  /** See useCommand. */
  rank?: number
  look?: "plain" | "quiet"
  className?: string | undefined
  /** What the button shows, where that is not its label. */
  text?: ReactNode
  /** Drawn only while it is open, so that it starts afresh each time. */
  children(close: () => void): ReactNode
}

/** A button and what it opens beside it, by the platform's popover: Esc and a press elsewhere close it, and the focus returns. */
export function Popover({ label, icon, command, rank = 0, look = "plain", className, text, children }: PopoverProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const anchor = `--popover-${command}-${rank}`
  const [shortcut] = useKeysOf(command)
  useCommand(
    command,
    () => {
      button.current?.focus()
      panel.current?.showPopover()
    },
    rank,
  )
  return (
    <>
      <Button
        look={look}
        icon={icon}
        className={className ?? ""}
        ref={button}
        style={{ anchorName: anchor } as CSSProperties}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-keyshortcuts={shortcut}
        data-command={command}
        title={label}
      >
        {text ?? <span>{label}</span>}
      </Button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={styles.panel}
        style={{ positionAnchor: anchor } as CSSProperties}
        onToggle={(event) => setIsOpen(event.newState === "open")}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  )
}
