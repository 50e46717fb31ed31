import { parseArgs } from "node:util"
import type { ServiceOptions } from "./link.ts"

/** A service that runs. */
export interface Service {
  /** Where the platform's webhooks go. */
  webhookUrl: string
  /** A page to try it with. */
  pageUrl: string
  close(): Promise<void>
}

/**
 * An example as a program: `--port`, `--api`, `--data` and the app's uid and secret from the environment; ends at the first SIGINT or SIGTERM.
 * What else it needs comes from `CHANNEL_…` too.
 */
export async function runService(start: (options: ServiceOptions) => Promise<Service>, port: number): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(port) },
      api: { type: "string", default: "http://localhost:7400" },
      "link-origin": { type: "string" },
      data: { type: "string", default: "data" },
    },
  })
  const { CHANNEL_APP_UID: appUid, CHANNEL_APP_SECRET: secret } = process.env
  if (!appUid || !secret) {
    process.stderr.write(
      "CHANNEL_APP_UID and CHANNEL_APP_SECRET must hold the app's uid and secret; README.md has an example.\n",
    )
    process.exit(2)
  }
  const service = await start({
    ...{ port: Number(values.port), appUid, secret, apiUrl: values.api, dataDir: values.data },
    ...(values["link-origin"] !== undefined && { linkOrigin: values["link-origin"] }),
  })
  process.stdout.write(`Webhooks go to ${service.webhookUrl}\nTry it at      ${service.pageUrl}\n`)
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => service.close().then(() => process.exit(0)))
}
