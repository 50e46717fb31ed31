import { setTimeout as wait } from "node:timers/promises"
import { channelToken } from "@causeway/sdk"

/** The side of the channel that calls: its API, with its app's credentials, for one channel. */
export interface Platform {
  /** Posts a message until it is accepted or will never be. Trying again is safe: a known external_id is answered like the first time. */
  write(resource: "inbound_messages" | "outbound_messages", message: object): Promise<void>
}

export interface PlatformOptions {
  /** Origin of the API, without a trailing slash. */
  url: string
  channelId: string
  appUid: string
  secret: string
  signal: AbortSignal
}

const attemptsMax = 6
/** Before the second attempt; doubled before each one after. */
const firstPauseMs = 500

export function createPlatform({ url, channelId, appUid, secret, signal }: PlatformOptions): Platform {
  return {
    async write(resource, message) {
      for (let attempt = 1; attempt <= attemptsMax && !signal.aborted; attempt++) {
        // A new token every time: they live for ten seconds.
        const token = channelToken({ appUid, secret, channelId })
        const answer = await post(`${url}/channels/${channelId}/${resource}`, token, message, signal)
        if (answer === "accepted" || signal.aborted) return
        process.stderr.write(`demo: ${resource}: ${answer.problem}\n`)
        if (!answer.isWorthRetrying) return
        await wait(firstPauseMs * 2 ** (attempt - 1), null, { signal })
      }
    },
  }
}

type Posted = "accepted" | { problem: string; isWorthRetrying: boolean }

async function post(url: string, token: string, message: object, signal: AbortSignal): Promise<Posted> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
  try {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(message), signal })
    const text = await answer.text()
    if (answer.ok) return "accepted"
    const isWorthRetrying = answer.status === 401 || answer.status === 429 || answer.status >= 500
    return { problem: `${answer.status} ${text.slice(0, 300)}`, isWorthRetrying }
  } catch (error) {
    return { problem: (error as Error).message, isWorthRetrying: true }
  }
}
