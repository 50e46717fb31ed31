import { healthz, moveClock, readClock, readyz } from "@causeway/contract/endpoints/operation"
import { HttpError } from "./http/errors.ts"
import { type Route, route } from "./http/route.ts"
import type { Services } from "./services.ts"
import { version } from "./version.ts"

export const operationRoutes = (deps: Services & { settle(): Promise<void> }): Route[] => [
  route(healthz, async () => ({ status: 200, body: { status: "ok", version } })),
  route(readyz, async () => {
    await deps.db.query({ name: "ready", text: "select 1" })
    return { status: 200, body: { status: "ready" } }
  }),
  route(readClock, async () => ({ status: 200, body: clockState(deps) })),
  route(moveClock, async ({ body }) => {
    if (!deps.clock.held)
      throw new HttpError(409, "The clock runs by itself: start the server with --held-clock to move it")
    deps.clock.advance(body.advance_seconds * 1000)
    await deps.settle()
    return { status: 200, body: clockState(deps) }
  }),
]

const clockState = ({ clock }: Services) => ({ now: clock.now().toISOString(), held: clock.held })
