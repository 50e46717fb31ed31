import { h, icon } from "../../shared/web/dom.ts"

interface Text {
  id: string
  phone: string
  direction: "inbound" | "outbound"
  text: string
  media: { id: string; content_type: string; filename: string }[]
  status: string
}

const people: Record<string, string> = {
  "+15550100": "Casey Rivers",
  "+15550101": "Noor Haddad",
  "+15550102": "Tomás Oliveira",
  "+15550103": "Ingrid Solberg",
}
const phones = new Map<string, HTMLElement>()
const shown = new Map<string, HTMLElement>()
const place = document.querySelector("#phones") as HTMLElement

function phone(number: string): HTMLElement {
  const known = phones.get(number)
  if (known !== undefined) return known
  const name = people[number] ?? "Somebody"
  const field = h("input", {
    "aria-label": `Text message from ${name}`,
    placeholder: "Text message",
    autocomplete: "off",
    maxlength: "1600",
  })
  const file = h("input", {
    type: "file",
    class: "hidden",
    accept: "image/*,audio/*",
    tabindex: "-1",
    "aria-hidden": "true",
  })
  file.addEventListener("change", () => void sendFile(number, file))
  const log = h(
    "div",
    { class: "log", role: "log", tabindex: "0", "aria-label": `Messages of ${name}` },
    h("p", { class: "empty" }, "No messages yet"),
  )
  const write = h(
    "form",
    { class: "write" },
    h(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": `Send a picture from ${name}'s phone`,
        onclick: () => file.click(),
      },
      icon("M12 5v14M5 12h14"),
    ),
    file,
    field,
    h("button", { class: "icon", "aria-label": `Send ${name}'s message` }, icon("M4 12 20 4l-6 16-3-6zM11 14l9-10")),
  )
  write.addEventListener("submit", (event) => {
    event.preventDefault()
    if (field.value.trim() === "") return
    void send(number, { text: field.value })
    field.value = ""
  })
  const head = h("div", { class: "head" }, h("h2", {}, name), h("p", {}, number))
  place.append(
    h(
      "section",
      { class: "phone", "aria-label": `${name}, ${number}` },
      h("div", { class: "screen" }, head, log, write),
    ),
  )
  phones.set(number, log)
  return log
}

const send = (number: string, body: object): Promise<unknown> =>
  fetch(`/phones/${encodeURIComponent(number)}/texts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })

async function sendFile(number: string, input: HTMLInputElement): Promise<void> {
  const [file] = input.files ?? []
  input.value = ""
  if (file === undefined) return
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  await send(number, { text: "", file: { filename: file.name, content_type: file.type, base64: btoa(binary) } })
}

/** A new message, or a new status of one. */
function show(text: Text): void {
  const log = phone(text.phone)
  const isLost = text.status === "undelivered"
  const isHere = text.direction === "inbound" || text.status === "delivered" || isLost
  if (!isHere) return
  const who = text.direction === "inbound" ? "You wrote: " : "You got: "
  const bubble = h(
    "div",
    { class: `text ${text.direction}${isLost ? " lost" : ""}` },
    h("span", { class: "hidden" }, who),
    ...text.media.map(picture),
    text.text !== "" && h("p", {}, text.text),
    isLost && h("span", { class: "state" }, "Never arrived on this phone"),
  )
  const before = shown.get(text.id)
  if (before === undefined) log.append(bubble)
  else before.replaceWith(bubble)
  shown.set(text.id, bubble)
  log.querySelector(".empty")?.remove()
  log.scrollTop = log.scrollHeight
}

function picture({ id, content_type: type, filename }: Text["media"][number]): HTMLElement {
  const address = `/phones/media/${id}`
  return type.startsWith("image/")
    ? h("img", { src: address, alt: filename })
    : h("a", { href: address, download: filename }, filename)
}

document.querySelector("#add")?.addEventListener("submit", (event) => {
  event.preventDefault()
  const field = document.querySelector("#number") as HTMLInputElement
  phone(field.value)
  field.value = ""
})

const { texts } = (await (await fetch("/phones")).json()) as { texts: Text[] }
for (const number of Object.keys(people).slice(0, 3)) phone(number)
for (const text of texts) show(text)
const events = new EventSource("/phones/events")
events.addEventListener("message", (event) => show(JSON.parse(String(event.data)) as Text))
// What came while the connection was away.
events.addEventListener("open", async () => {
  const now = (await (await fetch("/phones")).json()) as { texts: Text[] }
  for (const text of now.texts) show(text)
})
