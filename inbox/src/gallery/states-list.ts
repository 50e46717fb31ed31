import { type Answers, conversations, is, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"

/** Rows of every kind, as a busy morning has them. */
export const busy = [
  f.row({ id: "cnv_1", read_number: 0 }),
  f.row({
    contact: { id: "crd_2", name: "عمر حداد", handle: "omar" },
    preview: "هل يمكنني تغيير عنوان التوصيل؟",
    read_number: 0,
    tags: [{ id: "tag_2", name: "Delivery", highlight: "blue" }],
  }),
  f.row({
    contact: { id: "crd_3", name: "Lena Fuchs", handle: "lena" },
    preview: "Missed call",
    is_call: true,
    channel_name: "Acme Voice",
  }),
  f.row({
    contact: { id: "crd_4", name: "Tomás Oliveira", handle: "tomas" },
    preview: "It left the depot an hour ago.",
    preview_direction: "outbound",
    waiting_since: null,
    status: "assigned",
    assignee: f.ana,
    failed_count: 2,
  }),
  f.row({
    contact: { id: "crd_5", name: null, handle: "+49 30 901820" },
    preview: "",
    subject: "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    drafts_by: [f.ana],
  }),
  f.row({
    contact: { id: "crd_6", name: "Noor Haddad", handle: "noor" },
    status: "assigned",
    assignee: f.bea,
    drafts_by: [f.bea],
    tags: [
      { id: "tag_1", name: "Refund", highlight: "red" },
      { id: "tag_2", name: "Delivery", highlight: "blue" },
    ],
  }),
]

const at = (name: string, path: string, answers: Answers, more: Partial<GalleryState> = {}): GalleryState => ({
  name: `list-${name}`,
  path,
  answers,
  ...more,
})
const none = conversations([])
const views = ["open", "mine", "unassigned", "failed", "drafts", "snoozed", "archived", "trash"] as const

/** The list alone: every view empty, full, on its way, refused, and narrowed. */
export const listStates: GalleryState[] = [
  at("open", "/inbox/open", conversations(busy)),
  ...views.map((view) => at(`${view}-empty`, `/inbox/${view}`, none)),
  at("loading", "/inbox/open", { "GET /causeway/conversations": "never" }),
  at("failed-to-load", "/inbox/open", { "GET /causeway/conversations": refused(400, "Not in order") }),
  at("forbidden", "/inbox/open?inbox=inb_9", { "GET /causeway/conversations": refused(403, "Not open to you") }),
  at("narrowed", "/inbox/open?inbox=inb_1&tag=tag_1", conversations(busy.slice(5))),
  at("narrowed-empty", "/inbox/open?channel=cha_1", none),
  at("reconnecting", "/inbox/open", conversations(busy), { live: "no network" }),
  at("presence", "/inbox/open", {
    ...conversations(busy),
    "GET /causeway/presence": is({
      conversations: [
        { conversation_id: "cnv_1", teammates: [{ ...f.bea, state: "replying" }] },
        { conversation_id: busy[1]?.id, teammates: [{ ...f.bea, state: "away" }] },
      ],
    }),
  }),
  at("compact", "/inbox/open", conversations(busy), {
    storage: { "causeway.settings": JSON.stringify({ density: "compact" }) },
  }),
  at("comfortable", "/inbox/open", conversations(busy), {
    storage: { "causeway.settings": JSON.stringify({ density: "comfortable" }) },
  }),
  at("channel-offline", "/inbox/open", {
    ...conversations(busy),
    "GET /causeway/channels": is({
      channels: [
        f.channel({
          status: "offline",
          status_reason: "The credentials were refused",
          status_at: f.now - f.hours(2),
          waiting_count: 3,
        }),
      ],
    }),
  }),
  at("channels-offline", "/inbox/open", {
    ...conversations(busy),
    "GET /causeway/channels": is({
      channels: [
        f.channel({ status: "offline", status_at: f.now - f.hours(2) }),
        f.channel({ id: "cha_2", name: "Acme Chat", status: "offline", status_at: f.now - f.hours(1) }),
      ],
    }),
  }),
  at("waiting-replies", "/inbox/open", {
    ...conversations(busy),
    "GET /causeway/channels": is({ channels: [f.channel({ waiting_count: 3 })] }),
  }),
]
