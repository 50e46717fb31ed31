import { is, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"
import { scene } from "./states-conversation.ts"

const opened: GalleryState["storage"] = { "causeway.contact": "open" }
const at = (
  name: string,
  ...given: Parameters<typeof scene> extends [string, ...infer Rest] ? Rest : never
): GalleryState => ({
  ...scene(`contact-${name}`, ...given),
  storage: opened,
  shows: "[data-contact-title]",
})
const suggestion = {
  phones: [{ handle: "+436601234567", shown: "+43 660 1234567", country: "AT" }],
  same_person: [
    {
      id: "crd_9",
      name: "M. Kovač",
      handles: [{ source: "custom", handle: "mia@bakery.example" }],
      matches: ["mia@bakery.example"],
      has_same_name: false,
      conversation_count: 2,
    },
  ],
  conversations: [],
  calls: [
    {
      id: "msg_77",
      conversation_id: "cnv_91",
      channel_name: "Acme Voice",
      direction: "inbound",
      status: "hangup",
      started_at: f.now - f.hours(20),
      duration: 245,
    },
    {
      id: "msg_78",
      conversation_id: "cnv_91",
      channel_name: "Acme Voice",
      direction: "inbound",
      status: "missed",
      started_at: f.now - f.hours(30),
      duration: null,
    },
  ],
}
const suggested = { answers: { "GET /causeway/contacts/*/context": is(suggestion) } }

/** The contact beside the conversation, or over it where there is no room. */
export const contactStates: GalleryState[] = [
  at("open"),
  at("same-person", suggested),
  at("merge-preview", { ...suggested, steps: [{ on: "[data-same] button" }] }),
  at("editing", { steps: [{ on: "[data-contact-name] button" }] }),
  at("correcting", { steps: [{ on: "[data-correct]" }] }),
  at("loading", { answers: { "GET /contacts/*": "never" } }),
  at("failed", { answers: { "GET /contacts/*": refused(400, "Not in order") } }),
  at("observer", { role: "observer" }),
  at("none", { row: { type: "discussion", channel_id: null, contact: { id: null, name: null, handle: "" } } }),
]
