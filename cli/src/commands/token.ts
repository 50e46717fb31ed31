import { channelToken } from "@causeway/sdk"
import type { Command } from "../command.ts"
import { exit } from "../failure.ts"
import { appOf, channelOf } from "./channels.ts"

export const token: Command = {
  options: {
    app: { value: "UID", text: "the app (CAUSEWAY_APP_UID)" },
    channel: { value: "ID", text: "the channel (CAUSEWAY_CHANNEL_ID)" },
    seconds: { value: "SECONDS", text: "how long it may be used; 10 unless given" },
  },
  more: "The app's secret is read from CAUSEWAY_APP_SECRET. The token opens this one channel.",
  examples: [
    "CAUSEWAY_APP_SECRET=s3cret causeway token --app 61354762609432 --channel cha_8zk",
    "CAUSEWAY_APP_SECRET=s3cret causeway token --app 61354762609432 --channel cha_8zk --seconds 60 --json",
  ],
  async run(call) {
    const secret = call.settings.need("CAUSEWAY_APP_SECRET", "the app's secret")
    const jwt = channelToken({
      appUid: appOf(call),
      channelId: channelOf(call),
      secret,
      expiresInSeconds: Number(call.option("seconds") ?? 10),
    })
    call.show({ token: jwt }, `${jwt}\n`)
    return exit.ok
  },
}
