import type { Erasure } from "@causeway/contract/endpoints/erasures"
import { contacts } from "../../contacts.ts"

/** Keeps a receipt as a file, with its signature and the key that proves it: whoever has the file needs nothing else. */
export async function downloadReceipt(erasure: Erasure): Promise<void> {
  const { public_key } = await contacts.erasures()
  const file = new Blob([`${JSON.stringify({ ...erasure, public_key }, null, 2)}\n`], { type: "application/json" })
  const url = URL.createObjectURL(file)
  const link = document.createElement("a")
  link.href = url
  link.download = `erasure-${erasure.id}.json`
  link.click()
  URL.revokeObjectURL(url)
}
