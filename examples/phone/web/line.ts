import { h, icon } from "../../shared/web/dom.ts"

interface Script {
  id: string
  name: string
  what: string
  caller: { number: string; name: string }
}

interface PbxEvent {
  call_id: string
  seq: number
  type: string
  at: number
  direction: string
  name: string
  number: string
  parent_call_id: string | null
  lines?: { name: string; text: string }[]
  summary?: string
}

const said: Record<string, string> = {
  queued: "waits in the queue",
  ringing: "rings",
  answered: "is answered",
  held: "is put on hold",
  resumed: "goes on",
  transferred: "is transferred",
  hangup: "is over",
  missed: "was missed",
  abandoned: "was given up",
  recording_ready: "has a recording",
  transcript_ready: "has a transcript",
  summary_ready: "has a summary",
}
const handset = "M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2"
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })
const log = document.querySelector("#log") as HTMLElement
const shown = new Set<string>()

function show(event: PbxEvent): void {
  const key = `${event.call_id}:${event.seq}`
  if (shown.has(key)) return
  shown.add(key)
  document.querySelector("#empty")?.remove()
  const kind = ["missed", "abandoned"].includes(event.type) ? "over" : event.type === "answered" ? "talk" : ""
  const call = event.direction === "inbound" ? `Call of ${event.name}` : `Call to ${event.name}`
  const leg = event.parent_call_id === null || event.direction === "outbound" ? "" : " (second leg)"
  const detail = event.summary ?? event.lines?.map(({ name, text }) => `${name}: ${text}`).join(" · ")
  log.append(
    h(
      "div",
      { class: kind },
      h("time", {}, clock.format(event.at)),
      h("span", { class: "what" }, `${call}${leg} ${said[event.type] ?? event.type}`),
      detail !== undefined && h("p", {}, detail),
    ),
  )
  log.scrollTop = log.scrollHeight
}

const call = (script: string): Promise<unknown> =>
  fetch("/line/calls", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ script }),
  })

async function read(): Promise<{ scripts: Script[]; log: PbxEvent[] }> {
  return (await (await fetch("/line")).json()) as { scripts: Script[]; log: PbxEvent[] }
}

const first = await read()
document
  .querySelector("#scripts")
  ?.append(
    ...first.scripts.map(({ id, name, what, caller }) =>
      h(
        "li",
        {},
        h("div", {}, h("strong", {}, `${name}: ${caller.name}`), h("p", {}, what)),
        h(
          "button",
          { type: "button", "aria-label": `${name}: let ${caller.name} call`, onclick: () => void call(id) },
          icon(handset),
        ),
      ),
    ),
  )
for (const event of first.log) show(event)
const events = new EventSource("/line/events")
events.addEventListener("message", (event) => show(JSON.parse(String(event.data)) as PbxEvent))
// What came while the connection was away.
events.addEventListener("open", async () => {
  for (const event of (await read()).log) show(event)
})
