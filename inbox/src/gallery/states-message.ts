import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"
import { scene } from "./states-conversation.ts"

const codes = [
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
  "connection_refused",
  "name_not_found",
  "tls_expired",
]
const state = (name: string, over: Parameters<typeof f.reply>[0]): GalleryState =>
  scene(`message-${name}`, { messages: [f.message(), f.reply(over)] })
const inbound = (name: string, over: Parameters<typeof f.message>[0]): GalleryState =>
  scene(`message-${name}`, { messages: [f.message(over), f.reply()] })
const file = (id: string, filename: string, content_type: string) => ({
  id,
  filename,
  url: "/app/icon.svg",
  content_type,
  size: 214_000,
  is_inline: false,
})

/** Every state that a reply can be in, every reason why one fails, and every kind of message. */
export const messageStates: GalleryState[] = [
  state("held", { state: "held", due_at: f.now + 50 }),
  state("queued", { state: "queued" }),
  state("sending", { state: "sending" }),
  state("waiting-retry", { state: "waiting", due_at: f.now + 40, error: { code: "too_many_requests", reason: null } }),
  state("waiting-offline", { state: "waiting", due_at: null }),
  state("sent", { state: "sent" }),
  state("seen", { state: "sent", seen_at: f.now - 30 }),
  state("unknown", { state: "unknown", error: { code: "request_timeout", reason: null } }),
  ...codes.map((code) => state(`failed-${code}`, { state: "failed", error: { code, reason: null } })),
  state("failed-with-reason", {
    state: "failed",
    error: { code: "bad_request", reason: "This number is not on our network (error 21614)." },
  }),
  state("auto-reply", { origin: "auto_reply", author: null, text: "We are closed until nine." }),
  state("via-api", { origin: "api", author: null }),
  state("imported", { origin: "partner", author: null }),
  inbound("rtl", { text: "أين طلبي؟ كان من المفترض أن يصل يوم الاثنين.", sender_name: "عمر حداد", from: "عمر حداد" }),
  inbound("long-words", { text: "https://track.example.test/shipments/".padEnd(180, "0123456789abcdef") }),
  inbound("no-words", { text: "", body: "" }),
  inbound("subject", { subject: "Order 7781 is not here" }),
  inbound("formatted", {
    body: "<p>Two things:</p><ul><li>The <b>invoice</b></li><li>The <i>address</i></li></ul><blockquote><p>It ships on Monday.</p></blockquote>",
    text: "Two things",
  }),
  inbound("framed", {
    is_simple: false,
    body: '<table width="100%"><tr><td bgcolor="#eeeeee"><h1>Your order</h1><p>It is on its way.</p></td></tr></table>',
    text: "Your order",
  }),
  inbound("attachments", {
    attachments: [
      file("fil_1", "photo of the parcel.jpg", "image/jpeg"),
      file("fil_2", "invoice-7781.pdf", "application/pdf"),
    ],
  }),
  scene("message-quoting", {
    messages: [
      f.message({ id: "msg_900" }),
      f.reply({ reply_to: { id: "msg_900", blurb: "It should have come on Monday." } }),
    ],
  }),
]
