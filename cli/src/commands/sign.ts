import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import type { Command } from "../command.ts"
import { exit } from "../failure.ts"
import { fields } from "../text.ts"
import { bodyOf, timestampOf } from "./verify.ts"

export const sign: Command = {
  options: {
    body: { value: "FILE", text: "the exact body; standard input unless given" },
    timestamp: { value: "MS", text: "milliseconds since 1970; now unless given" },
  },
  more: "The app's secret is read from CAUSEWAY_APP_SECRET. What is signed is <timestamp>:<body>, byte for byte.",
  examples: [
    "CAUSEWAY_APP_SECRET=s3cret causeway sign --body webhook.json",
    "CAUSEWAY_APP_SECRET=s3cret causeway sign --timestamp 1700000000000 --json < webhook.json",
  ],
  async run(call) {
    const secret = call.settings.need("CAUSEWAY_APP_SECRET", "the app's secret")
    const body = await bodyOf(call)
    const timestamp = timestampOf(call) ?? String(Date.now())
    const headers = { [timestampHeader]: timestamp, [signatureHeader]: signWebhook(secret, timestamp, body) }
    call.show(headers, fields(headers))
    return exit.ok
  },
}
