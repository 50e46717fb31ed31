import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** A request to the token server: which of its endpoints, the form's fields, and who the client says it is. */
export interface TokenRequest {
  path: string
  form: Record<string, string>
  authorization: string | undefined
}

export interface TokenAnswer {
  status?: number
  body: unknown
}

/** A partner's OAuth server that really listens: `/authorize`, `/token`, `/introspect`. */
export interface TokenServer {
  url: string
  received: TokenRequest[]
  /** What each endpoint says from now on, by path; without a script it gives tokens `access-1`, `access-2` … that say nothing of their end. */
  says(path: string, answer: (request: TokenRequest) => TokenAnswer | "silence"): void
  /** Forgets the scripts and what came. */
  calm(): void
  close(): Promise<void>
}

export async function tokenServer(): Promise<TokenServer> {
  const received: TokenRequest[] = []
  const scripts = new Map<string, (request: TokenRequest) => TokenAnswer | "silence">()
  let given = 0
  const server = createServer(async (request, response) => {
    let text = ""
    for await (const piece of request) text += piece
    const got = {
      path: new URL(request.url ?? "", "http://x").pathname,
      form: Object.fromEntries(new URLSearchParams(text)),
      authorization: request.headers.authorization,
    }
    received.push(got)
    const answer = scripts.get(got.path)?.(got) ?? {
      body: { access_token: `access-${++given}`, refresh_token: `refresh-${given}` },
    }
    if (answer === "silence") return
    const { status = 200, body } = answer
    response.writeHead(status, { "content-type": typeof body === "string" ? "text/html" : "application/json" })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    says: (path, answer) => void scripts.set(path, answer),
    calm() {
      scripts.clear()
      received.length = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
