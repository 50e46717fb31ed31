import type { HandleSource } from "@causeway/contract/resources/contact"
import parsePhoneNumber from "libphonenumber-js/min"

/** A contact is found by (source, handle); a channel's contact type is the source of the handles that come over it. People also have others. */
export type Source = "custom" | "email" | "phone"

/**
 * The form a handle is stored and compared in. Phone: E.164, a number without a country code is read as a US one (Channel API, `sender.handle`).
 * E-mail: lower case. Others: as given. What cannot be read as a phone number stays as it is rather than being lost.
 */
export function normaliseHandle(source: HandleSource, handle: string): string {
  const trimmed = handle.trim()
  if (source === "email") return trimmed.toLowerCase()
  if (source === "phone") return parsePhoneNumber(trimmed, "US")?.number ?? trimmed
  return handle
}
