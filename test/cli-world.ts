import { once } from "node:events"
import { mkdir, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import type { World } from "@causeway/cli/command"
import { run } from "@causeway/cli/run"
import { defineChannel, toNode } from "@causeway/sdk"
import { temporaryDir } from "./database.ts"

/** What a command printed, and how it ended. */
export interface Ran {
  code: number
  out: string
  err: string
  /** stdout as JSON values, one a line. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any[]
}

export interface TypeOptions extends Partial<Pick<World, "signal" | "columns" | "keys">> {
  onOut?(text: string): void
  onErr?(text: string): void
}

export interface Terminal {
  cwd: string
  env: Record<string, string>
  /** Runs `causeway …` in this process, as it was typed: `NAME=value` before it, quotes, and `< file` after it. */
  type(line: string, options?: TypeOptions): Promise<Ran>
}

/** A folder and an environment in which commands are typed. */
export async function openTerminal(env: Record<string, string>): Promise<Terminal> {
  const cwd = await temporaryDir("cli")
  await mkdir(join(cwd, "home"))
  const own = { HOME: join(cwd, "home"), ...env }
  return {
    cwd,
    env: own,
    async type(line, { signal = new AbortController().signal, onOut, onErr, columns = null, keys = () => null } = {}) {
      const { variables, args, input } = parseLine(line)
      let [out, err] = ["", ""]
      const code = await run(args, {
        env: { ...own, ...variables },
        cwd,
        out(text) {
          out += text
          onOut?.(text)
        },
        err(text) {
          err += text
          onErr?.(text)
        },
        stdin: async () =>
          input === null ? "" : (await import("node:fs/promises")).readFile(join(cwd, input), "utf8"),
        columns,
        keys,
        isInteractive: false,
        hasColours: false,
        signal,
      })
      const lines = out.trim().split("\n")
      const json = lines.every((one) => one.startsWith("{") || one.startsWith("["))
        ? lines.map((one) => JSON.parse(one))
        : []
      return { code, out, err, json }
    },
  }
}

/** As a shell reads it, as far as the examples go. */
function parseLine(line: string): { variables: Record<string, string>; args: string[]; input: string | null } {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  )
  const start = words.indexOf("causeway")
  if (start === -1) throw new Error(`no causeway in: ${line}`)
  const variables = Object.fromEntries(words.slice(0, start).map((word) => word.split("=", 2) as [string, string]))
  const redirect = words.indexOf("<")
  return {
    variables,
    args: words.slice(start + 1, redirect === -1 ? undefined : redirect),
    input: redirect === -1 ? null : (words[redirect + 1] ?? null),
  }
}

/** A correct channel on the SDK, at /hooks of a free port. */
export async function startChannel(secret: string | string[]): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(
    toNode(
      defineChannel({
        secret,
        onMessage: ({ id }, { conversationIds, to }) => ({
          externalId: `x-${id}`,
          externalConversationId: conversationIds[0] ?? to?.handle ?? "new",
        }),
        onAutoreply: (_message, { conversationIds }) => ({
          externalId: `auto-${Math.random()}`,
          externalConversationId: conversationIds[0] ?? "new",
        }),
      }),
    ),
  )
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Puts files into a folder; what is no text is written as JSON. */
export async function writeFiles(folder: string, files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content))
}
