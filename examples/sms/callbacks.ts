import type { IncomingMessage } from "node:http"
import { callbackHeader, isSignedCallback } from "../shared/callbacks.ts"
import type { Queue } from "../shared/queue.ts"
import { asJson, Refusal, type Route, readBytes } from "../shared/serve.ts"
import type { Store } from "../shared/store.ts"
import type { InboundCallback, StatusCallback } from "./gateway.ts"
import type { Task } from "./tell.ts"
import type { Texts } from "./texts.ts"

interface Deps {
  token: string
  store: Store
  texts: Texts
  queue: Queue<Task>
}

/** What the provider posts: kept first, answered then, told to the platform after. They come twice and in any order. */
export function callbackRoutes({ token, store, texts, queue }: Deps): Route[] {
  const read = async (request: IncomingMessage): Promise<object> => {
    const bytes = await readBytes(request, 256 * 1024)
    if (!isSignedCallback(token, bytes, request.headers[callbackHeader])) {
      throw new Refusal(403, "not signed by the provider, or too long ago")
    }
    return asJson(bytes)
  }
  return [
    [
      "POST",
      /^\/provider\/status$/,
      async ({ request }) => {
        const { id, status, error_code: code, error_message: message } = (await read(request)) as StatusCallback
        const failure =
          status === "undelivered" ? `Not delivered: ${message ?? code ?? "the carrier gave no reason"}` : null
        store.tx(() => {
          const failed = texts.status(id, status, failure)
          if (failed !== null) queue.put(failed.phone, { kind: "failed", id, ...failed })
        })
        queue.wake()
        return { status: 204 }
      },
    ],
    [
      "POST",
      /^\/provider\/inbound$/,
      async ({ request }) => {
        const message = (await read(request)) as InboundCallback
        store.tx(() => {
          if (!texts.received(message.id)) return
          const thread = texts.threadOf(message.from)
          queue.put(message.from, { kind: "inbound", id: message.id, phone: message.from, thread, message })
        })
        queue.wake()
        return { status: 204 }
      },
    ],
  ]
}
