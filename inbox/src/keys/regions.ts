/** The parts of the screen that Mod+F6 goes through, in the order of the page: `data-region` on each. */
const regions = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => region.checkVisibility())

const focusable = "a[href], button:not([disabled]), input, textarea, select, [tabindex]"

/** Moves the focus to the next (1) or previous (-1) part: to what had it there last, else to its first element that can have it. */
export function moveRegion(by: 1 | -1): boolean {
  const all = regions()
  const at = all.findLastIndex((region) => region.contains(document.activeElement))
  const next = all[at === -1 ? (by === 1 ? 0 : all.length - 1) : (at + by + all.length) % all.length]
  if (next === undefined) return false
  const target = [...next.querySelectorAll<HTMLElement>(focusable)].find((element) => element.checkVisibility())
  if (target === undefined) next.tabIndex = -1
  ;(target ?? next).focus()
  return true
}
