import { clearOffline } from "../offline/snapshot.ts"
import { answerFrom, stream, waiting } from "./answers.ts"
import { keepOnDevice } from "./device.ts"
import { findState, type Step, states } from "./states.ts"

/**
 * One state of one screen, by its name in the address: /app/__gallery/list-open. The real inbox runs on answers that are fixed; only the network is not
 * there. When all steps are done and nothing more is loaded, `data-ready` on the page says so.
 */
const name = window.location.pathname.split("/").at(-1) ?? ""
// Without a name it lists what there is.
Object.assign(window, { galleryStates: states.map(({ name, minWidth, maxWidth }) => ({ name, minWidth, maxWidth })) })
const state = findState(name === "" ? "sign-in" : name)
if (state === undefined) throw new Error(`the gallery has no state ${name}`)

localStorage.clear()
for (const [key, value] of Object.entries(state.storage ?? {})) localStorage.setItem(key, value)
// The words, which the fixtures need, have read the settings already: they hear of them as from another tab.
const settings = { key: "causeway.settings", newValue: localStorage.getItem("causeway.settings") }
window.dispatchEvent(new StorageEvent("storage", settings))
await clearOffline()
if (state.device !== undefined) await keepOnDevice(state.device)
answerFrom(state.answers, () => (state.live === "no network" ? "no network" : stream(...(state.live ?? []))))
/** Parts of the inbox that are being loaded, and when the last of them came. */
let parts = 0
let partAt = Number.NEGATIVE_INFINITY
/** React holds what a part was waited for with back for 300 ms, lest the page flickers. */
const heldBackMs = 350
Object.assign(window, {
  galleryWaits<Part>(part: Promise<Part>): Promise<Part> {
    parts += 1
    return part.finally(() => {
      parts -= 1
      partAt = performance.now()
    })
  },
})
const { search } = window.location
history.replaceState(null, "", `/app${state.path}${state.path.includes("?") ? search.replace("?", "&") : search}`)
await import("../main.tsx")
await settled()
for (const step of state.steps ?? []) await take(step)
if (state.shows !== undefined) await appeared(state.shows)
await settled()
// Whether it is still the state after the window was changed: what steps have opened may close then.
Object.assign(window, { galleryStays })
document.documentElement.dataset.ready = name

async function galleryStays(): Promise<boolean> {
  await settled()
  return (state?.steps ?? []).length === 0
}

/** Nothing is being fetched or drawn any more. */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 6; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 16))
    if (waiting + parts > 0 || performance.now() - partAt < heldBackMs) quiet = 0
  }
}

async function take(step: Step): Promise<void> {
  if ("key" in step) {
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new KeyboardEvent("keydown", { ...step, bubbles: true, cancelable: true }))
  } else {
    const element = await appeared(step.on)
    if ("text" in step) type(element, step.text)
    else element.click()
  }
  await settled()
}

async function appeared(selector: string): Promise<HTMLElement> {
  for (let tries = 0; tries < 200; tries++) {
    const element = document.querySelector<HTMLElement>(selector)
    if (element !== null) return element
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${name}: nothing on the page is ${selector}`)
}

/** As if it had been typed: React listens to the element's own setter. */
function type(element: HTMLElement, text: string): void {
  const { prototype } = element.constructor as { prototype: object }
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(element, text)
  element.dispatchEvent(new InputEvent("input", { bubbles: true }))
}
