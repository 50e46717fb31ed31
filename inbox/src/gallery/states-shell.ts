import { conversations } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState, Step } from "./states.ts"
import { busy } from "./states-list.ts"

const at = (name: string, steps: readonly Step[], more: Partial<GalleryState> = {}): GalleryState => ({
  name,
  path: "/inbox/open",
  answers: conversations(busy),
  steps,
  ...more,
})
const told = [
  { kind: "mention", conversationId: "cnv_1", who: "Bea Moss", text: "@ana what do you think?", isOpened: false },
  {
    kind: "message",
    conversationId: "cnv_2",
    who: "عمر حداد",
    text: "هل يمكنني تغيير عنوان التوصيل؟",
    isOpened: false,
  },
  { kind: "failed", conversationId: "cnv_4", who: "Tomás Oliveira", text: "It left the depot.", isOpened: true },
  { kind: "offline", conversationId: null, who: "Acme Chat", text: "The credentials were refused", isOpened: true },
].map((notice, index) => ({ ...notice, key: `notice ${index}`, at: f.now - index * 400 }))
const notices = { "causeway.notices.tea_1": JSON.stringify(told) }
const bell = { on: '[data-command="notifications"]' }

/** What surrounds the lists: keys, palette, account, notifications and the teammate's own settings. */
export const shellStates: GalleryState[] = [
  at("keys", [{ key: "?" }], { shows: "dialog[open]" }),
  at("palette", [{ key: "k", ctrlKey: true }], { shows: "dialog[open] [role=option]" }),
  at("notices-empty", [bell], { shows: "[data-choose]" }),
  at("notices", [bell], { storage: notices, shows: "[data-choose]" }),
  at("notices-settings", [bell, { on: "[data-choose]" }], { shows: "dialog select" }),
  { name: "settings", path: "/settings", answers: conversations(busy), shows: "main h2" },
]
