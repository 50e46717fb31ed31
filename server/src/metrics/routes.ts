import { readMetrics } from "@causeway/contract/endpoints/operation"
import { Registry } from "prom-client"
import { type Route, route } from "../http/route.ts"
import { type GaugeDeps, openGauges } from "./gauges.ts"
import { meters } from "./meters.ts"

export function metricsRoutes(deps: GaugeDeps): Route[] {
  const everything = Registry.merge([meters, openGauges(deps)])
  return [
    route(readMetrics, async () => ({
      status: 200,
      text: await everything.metrics(),
      headers: { "content-type": everything.contentType, "cache-control": "no-store" },
    })),
  ]
}
