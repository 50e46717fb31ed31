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
 * An example as a program: `--port`, `--api`, `--data`, and the app's uid and secret from the environment, as `causeway apps create --save` writes
 * them into .env; ends at the first SIGINT or SIGTERM.
 * What else it needs comes from `CHANNEL_…` too.
 */
export async function runService(start: (options: ServiceOptions) => Promise<Service>, port: number): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(port) },
      api: { type: "string", default: process.env.CAUSEWAY_URL ?? "http://localhost:7400" },
      "link-origin": { type: "string" },
      data: { type: "string", default: "data" },
    },
  })
  const { CAUSEWAY_APP_UID: appUid, CAUSEWAY_APP_SECRET: secret } = process.env
  if (!appUid || !secret) {
    process.stderr.write(
      `CAUSEWAY_APP_UID and CAUSEWAY_APP_SECRET must hold the app's uid and secret.
Fix: causeway apps create "My channel" --webhook-url http://127.0.0.1:${values.port}/webhooks --save, then node --env-file=.env channel.ts; see README.md\n`,
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
