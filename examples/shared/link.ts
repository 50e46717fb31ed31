import { ChannelClient } from "@causeway/sdk"
import type { Store } from "./store.ts"

/** How a service of an example is started. */
export interface ServiceOptions {
  /** 0: any free one. */
  port: number
  appUid: string
  secret: string
  /** Origin of the platform's API. */
  apiUrl: string
  /** Origin of the platform's links, where that is another one than `apiUrl`: inside and outside of a proxy. */
  linkOrigin?: string
  /** Where it keeps its file. Null: in memory. */
  dataDir: string | null
  /** Before the second attempt to tell the platform something, ms. Default 500. */
  firstPauseMs?: number
}

/** Which channel of the platform this service is: learned from `authorization`, kept, forgotten when the channel is deleted. */
export interface Link {
  readonly channelId: string | null
  connect(channelId: string): void
  /** Null: whichever it is. */
  disconnect(channelId: string | null): void
  /** Throws while no channel is connected. */
  client(): ChannelClient
  /** Whether an attachment is where the platform keeps its files. */
  isOurs(url: string): boolean
  /** An attachment, by the address that a webhook names. Throws for one of another place. */
  download(url: string): Promise<Response>
  /** Ends calls under way. */
  close(): void
}

export function openLink(store: Store, options: ServiceOptions): Link {
  const stopped = new AbortController()
  let client: ChannelClient | null = null
  let channelId = store.one<{ value: string }>("select value from setting where name = 'channel_id'")?.value ?? null

  function is(id: string | null): void {
    channelId = id
    client = null
  }
  const apiOrigin = new URL(options.apiUrl).origin
  const origins = [apiOrigin, new URL(options.linkOrigin ?? options.apiUrl).origin]
  const isOurs = (url: string): boolean => origins.includes(URL.parse(url)?.origin ?? "")

  function clientOf(): ChannelClient {
    if (channelId === null) throw new Error("no channel is connected yet")
    const { appUid, secret, apiUrl: baseUrl } = options
    // The queue tries again, and remembers over a restart that it has to.
    client ??= new ChannelClient({ baseUrl, appUid, secret, channelId, attemptsMax: 1, signal: stopped.signal })
    return client
  }
  return {
    get channelId() {
      return channelId
    },
    connect(id) {
      store.run(
        "insert into setting (name, value) values ('channel_id', ?) on conflict (name) do update set value = excluded.value",
        id,
      )
      is(id)
    },
    disconnect(id) {
      if (id !== null && id !== channelId) return
      store.run("delete from setting where name = 'channel_id'")
      is(null)
    },
    client: clientOf,
    isOurs,
    async download(url) {
      if (!isOurs(url)) throw new TypeError("this is not where the platform keeps its files")
      const { pathname, search } = new URL(url)
      return clientOf().download(apiOrigin + pathname + search)
    },
    close: () => stopped.abort(),
  }
}
