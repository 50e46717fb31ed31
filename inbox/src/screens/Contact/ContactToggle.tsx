import { useCommand, useKeysOf } from "../../keys/useCommand.ts"
import { Button } from "../../parts/Button.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { isContactOpen, setContactOpen } from "./panel-state.ts"

const said = words.header

/** Shows and hides the contact; the key shows it and goes there. */
export function ContactToggle({ className }: { className: string | undefined }) {
  const isOpen = useValue(isContactOpen)
  const [shortcut] = useKeysOf("contact")
  useCommand("contact", () => {
    setContactOpen(true)
    focusPanel()
  })
  return (
    <Button
      icon="person"
      className={className ?? ""}
      aria-label={isOpen ? said.hideContact : said.showContact}
      title={isOpen ? said.hideContact : said.showContact}
      aria-expanded={isOpen}
      aria-keyshortcuts={shortcut}
      onClick={() => {
        setContactOpen(!isOpen)
        if (!isOpen && !matchMedia("(min-width: 1200px)").matches) focusPanel()
      }}
    />
  )
}

/** It may still have to be drawn, and its code to be loaded. */
function focusPanel(tries = 60): void {
  const heading = document.querySelector<HTMLElement>("[data-contact-title]")
  if (heading !== null) heading.focus()
  else if (tries > 0) requestAnimationFrame(() => focusPanel(tries - 1))
}
