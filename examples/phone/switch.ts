import { ChannelError } from "@causeway/sdk"

/** The account at the telephone system. */
export interface Account {
  /** Origin of its API. */
  url: string
  account: string
  token: string
}

/** The telephone system's API. To use another one, change this file and what `tell.ts` makes of its events. */
export interface Switch {
  register(eventsUrl: string): Promise<void>
  recording(path: string): Promise<Uint8Array>
  /** Calls a number and reads a text out. Resolves to the call's id. Throws `ChannelError`. */
  speak(call: { to: string; text: string; key: string; parentId: string | null; signal: AbortSignal }): Promise<string>
}

export function createSwitch({ url, account, token }: Account): Switch {
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`
  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      signal: AbortSignal.timeout(15_000),
      ...init,
      headers: { authorization, "content-type": "application/json" },
    })
  return {
    async register(eventsUrl) {
      const answer = await call("/v1/webhooks", { method: "PUT", body: JSON.stringify({ events_url: eventsUrl }) })
      if (!answer.ok) throw new Error(`the telephone system did not take our address: ${answer.status}`)
    },
    async recording(path) {
      const answer = await call(path)
      if (!answer.ok) throw new Error(`recording: the telephone system answered ${answer.status}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
    async speak({ to, text, key, parentId, signal }) {
      const body = JSON.stringify({ to, text, idempotency_key: key, parent_call_id: parentId })
      const answer = await call("/v1/spoken", { method: "POST", body, signal }).catch((error: Error) => {
        if (signal.aborted) throw ChannelError.requestTimeout("the telephone system did not answer in time")
        throw ChannelError.internalError(`the telephone system cannot be reached (${error.message})`)
      })
      if (answer.status === 401)
        throw ChannelError.authenticationRequired("the telephone system does not know this account any more")
      if (!answer.ok) throw ChannelError.badRequest("the telephone system did not take the call")
      return ((await answer.json()) as { call_id: string }).call_id
    },
  }
}
