import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Call, Command, Option } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"

const options: Record<string, Option> = {
  chat: { value: "URL", text: "the live chat's service; http://localhost:7520 unless given" },
  lang: { value: "LANGUAGE", text: "en, fr, de, ar; else the page's own" },
  theme: { value: "THEME", text: "light or dark; else the page's own" },
}

export const snippet: Command = {
  options,
  more: "What a website needs: the line that loads the chat, and what a content security policy must allow. No styles, no cookies, nothing inline.",
  examples: [
    "causeway widget snippet --chat https://chat.example.com",
    "causeway widget snippet --chat https://chat.example.com --lang de --theme dark --json",
  ],
  async run(call) {
    const origin = chatOf(call)
    const html = tagOf(call, origin)
    const policy = `script-src ${origin}; frame-src ${origin}`
    call.show({ html, content_security_policy: policy }, `${html}\n`)
    call.say(`Content-Security-Policy, where there is one, needs: ${policy}\n`)
    return exit.ok
  },
}

export const serve: Command = {
  options: { ...options, port: { value: "PORT", text: "where; any free one unless given" } },
  more: `A website to try the chat on: of an origin of its own, and as strict as a website can be. What works here works on any. Ctrl-C ends it.`,
  examples: ["causeway widget serve --chat http://localhost:7520"],
  async run(call) {
    const origin = chatOf(call)
    const port = Number(call.option("port") ?? 0)
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw usageFailure(`"${call.option("port")}" is no port`, "causeway widget serve --port 8080")
    const server = createServer(({ url = "/" }, response) => {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": `default-src 'none'; script-src ${origin}; frame-src ${origin}; base-uri 'none'; form-action 'none'`,
      })
      response.end(pageOf(tagOf(call, origin), url.startsWith("/second") ? "second" : "first"))
    })
    server.listen(port, "127.0.0.1")
    await once(server, "listening").catch((error: Error) => {
      throw new Failure(exit.usage, `port ${port} cannot be used: ${error.message}`, "causeway widget serve --port 0")
    })
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`
    call.show({ url, chat: origin }, `A website with the chat of ${origin}: ${url}\n`)
    await ended(call)
    server.closeAllConnections()
    server.close()
    return exit.ok
  },
}

const ended = async ({ world: { signal } }: Call): Promise<void> => {
  if (!signal.aborted) await once(signal, "abort")
}

function chatOf(call: Call): string {
  const given = call.option("chat") ?? "http://localhost:7520"
  const url = URL.parse(given)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageFailure(
      `"${given}" is no address of a live chat`,
      "causeway widget snippet --chat https://chat.example.com",
    )
  return url.origin
}

function tagOf(call: Call, origin: string): string {
  const given = (["lang", "theme"] as const).flatMap((name) => {
    const value = call.option(name)
    if (value === undefined) return []
    if (!/^[\w-]{1,20}$/.test(value)) throw usageFailure(`"${value}" is no ${name}`, `causeway ${call.typed} --help`)
    return [` data-${name}="${value}"`]
  })
  return `<script async src="${origin}/loader.js"${given.join("")}></script>`
}

/** Two pages: the chat goes on from one to the other. */
const pageOf = (tag: string, page: "first" | "second"): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>A website</title>
${tag}
</head>
<body>
<main>
<h1>The ${page} page of a website</h1>
<p>The chat is the button in the corner. <a href="${page === "first" ? "/second" : "/"}">Go to the other page</a>: it goes on there.</p>
</main>
</body>
</html>
`
