import type { ContactEntry } from "@causeway/contract/endpoints/contact-book"
import { type Answers, conversations, is, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"

const regulars = { id: "grp_1", name: "Regulars" }

const entry = (id: string, name: string | null, handle: string, over: Partial<ContactEntry> = {}): ContactEntry => ({
  id,
  name,
  handles: [{ source: handle.includes("@") ? "email" : "phone", handle }],
  handle_count: 1,
  lists: [],
  is_private: false,
  conversation_count: 1,
  last_activity_at: f.now - f.hours(3),
  updated_at: f.now - f.hours(3),
  ...over,
})
const people = [
  entry("crd_2", "أمل حداد", "+966 50 123 4567", { conversation_count: 4 }),
  entry("crd_3", "Donaudampfschifffahrtsgesellschaftskapitän Maximilian von und zu Hohenlohe", "max@ddsg.example", {
    lists: [
      regulars,
      { id: "grp_2", name: "Wholesale in the south and the south-east" },
      { id: "grp_3", name: "Press" },
    ],
  }),
  entry("crd_9", "M. Kovač", "mia@bakery.example", { conversation_count: 2 }),
  entry("crd_1", "Mia Kovač", "+43 660 1234567", { lists: [regulars], handle_count: 4, conversation_count: 12 }),
  entry("crd_5", null, "+1 555 0148", { conversation_count: 0, last_activity_at: null }),
]
const pair = (one: ContactEntry, other: ContactEntry, matches: readonly string[]) => ({
  contact: one,
  other,
  matches,
  has_same_name: matches.length === 0,
})
const [, , short, long, unnamed] = people as [ContactEntry, ContactEntry, ContactEntry, ContactEntry, ContactEntry]
const book: Answers = {
  "GET /causeway/contacts": is({ contacts: people, next: null, total: people.length }),
  "GET /causeway/contact_lists": is({
    lists: [
      { ...regulars, is_private: false, contact_count: 12 },
      { id: "grp_4", name: "To be called", is_private: true, contact_count: 3 },
    ],
  }),
  "GET /causeway/contacts/similar": is({
    pairs: [pair(long, short, ["mia@bakery.example"]), pair(short, unnamed, ["+1 555 0148"])],
  }),
  "GET /causeway/erasures": is({
    public_key: "",
    erasures: [{ id: "era_1", contact_id: "crd_8", erased_at: f.now - f.hours(50), receipt: "{}", signature: "" }],
  }),
}
const broken = refused(400, "Not in order")
const as = (role: "teammate" | "observer"): Answers => ({ "GET /causeway/session": is(f.sessionOf(role)) })
const nobody = is({ contacts: [], next: null, total: 0 })

const at = (name: string, path: string, rest: Partial<GalleryState> = {}): GalleryState => ({
  name: `contacts${name}`,
  path: `/contacts${path}`,
  shows: "main h1",
  ...rest,
  answers: { ...conversations([]), ...book, ...rest.answers },
})
const rows = "main li a"
const detail = "[data-contact-title]"

/** Everybody whom the company knows: the list, one of them, two that become one. */
export const bookStates: GalleryState[] = [
  at("", "", { shows: rows }),
  at("-chosen", "", { steps: [{ on: "main li input" }], shows: "main [type=checkbox]:checked" }),
  at("-new", "", { steps: [{ on: "main h1 ~ span button:last-child" }], shows: "dialog form" }),
  at("-list", "?list=grp_1", { shows: rows }),
  at("-list-new", "", { steps: [{ on: "nav button" }], shows: "dialog form" }),
  at("-empty", "", { answers: { "GET /causeway/contacts": nobody }, shows: "main h2" }),
  at("-list-empty", "?list=grp_1", { answers: { "GET /causeway/contacts": nobody }, shows: "main h2" }),
  at("-none-found", "?q=zzz", {
    answers: { "GET /causeway/contacts": nobody },
    shows: "main h2 ~ button, main h2 ~ * button",
  }),
  at("-loading", "", { answers: { "GET /causeway/contacts": "never" } }),
  at("-failed", "", { answers: { "GET /causeway/contacts": broken }, shows: "main [role=alert]" }),
  at("-lists-failed", "", { answers: { "GET /causeway/contact_lists": broken }, shows: "nav [role=alert]" }),
  at("-offline", "", { live: "no network", shows: rows }),
  at("-only-seen", "", { answers: as("observer"), shows: rows }),
  at("-one", "/crd_1", { shows: detail }),
  at("-one-only-seen", "/crd_1", { answers: as("observer"), shows: detail }),
  at("-one-loading", "/crd_1", { answers: { "GET /contacts/*": "never" } }),
  at("-one-failed", "/crd_1", { answers: { "GET /contacts/*": broken }, shows: "main [role=alert]" }),
  at("-one-gone", "/crd_1", {
    answers: { "GET /contacts/*": refused(404, "Unknown contact ID crd_1") },
    shows: "main section + section h2",
  }),
  at("-similar", "?view=similar", { shows: "main li" }),
  at("-similar-none", "?view=similar", {
    answers: { "GET /causeway/contacts/similar": is({ pairs: [] }) },
    shows: "main h2",
  }),
  at("-merge", "?view=similar", { steps: [{ on: "main li button" }], shows: "dialog table" }),
  at("-receipts", "?view=receipts", { shows: "main li" }),
]
