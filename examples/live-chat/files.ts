import { randomBytes } from "node:crypto"
import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"
import type { Link } from "../shared/link.ts"
import { Refusal, type Route, readBytes } from "../shared/serve.ts"
import { isSealed, seal } from "../shared/signed.ts"
import { type Store, setting } from "../shared/store.ts"
import type { FileInfo } from "./chats.ts"
import type { Limiter } from "./limits.ts"
import type { Visitors } from "./visitors.ts"

/** One file of a visitor's, bytes. The platform takes 25 MB with a message. */
export const fileBytesMax = 10 * 1024 * 1024
/** All that a visitor may leave here, bytes. */
const visitorBytesMax = 100 * 1024 * 1024
export const filesPerMessageMax = 2
const nameCharsMax = 120
/** Uploaded and never sent. */
const abandonedMs = 24 * 3_600_000

interface Row {
  id: string
  visitor_id: string
  name: string
  type: string
  size: number
  content: Uint8Array | null
  url: string | null
}

/** Files of both sides: the visitors' are kept here, the team's stay on the platform and are passed on. */
export interface Files {
  /** Files that a visitor uploaded and has not sent yet. Throws 400 for others. */
  take(visitorId: string, ids: readonly string[]): FileInfo[]
  content(id: string): { name: string; type: string; content: Uint8Array } | undefined
  /** A file that came with an answer. */
  keepLink(visitorId: string, file: Omit<FileInfo, "id"> & { url: string }): FileInfo
  /** With the address that opens it: whoever has it may read the file, and only the visitor is told it. */
  withAddress(file: FileInfo): FileInfo & { path: string }
  routes: Route[]
}

interface Deps {
  store: Store
  visitors: Visitors
  link: Link
  limit: Limiter
}

export function openFiles({ store, visitors, link, limit }: Deps): Files {
  const key = setting(store, "file_key", () => randomBytes(32).toString("base64url"))
  store.run("delete from file where is_sent = 0 and at < ?", Date.now() - abandonedMs)
  const find = (id: string) => store.one<Row>("select * from file where id = ?", id)
  const insert = (row: Row, isSent: 0 | 1): FileInfo => {
    const { id, visitor_id, name, type, size, content, url } = row
    const values = [id, visitor_id, name, type, size, content, url, isSent, Date.now()]
    store.run("insert into file values (?, ?, ?, ?, ?, ?, ?, ?, ?)", ...values)
    return { id, name, type, size }
  }
  const newId = () => `file_${randomBytes(12).toString("base64url")}`
  return {
    take: (visitorId, ids) =>
      ids.map((id) => {
        const file = find(id)
        if (file === undefined || file.visitor_id !== visitorId) throw new Refusal(400, "files: there is no such file")
        store.run("update file set is_sent = 1 where id = ?", id)
        return { id, name: file.name, type: file.type, size: file.size }
      }),
    content(id) {
      const row = find(id)
      return row?.content == null ? undefined : { name: row.name, type: row.type, content: row.content }
    },
    keepLink: (visitorId, { name, type, size, url }) =>
      insert({ id: newId(), visitor_id: visitorId, name, type, size, content: null, url }, 1),
    withAddress: (file) => ({ ...file, path: `/files/${file.id}/${seal(key, "file", file.id)}` }),
    routes: [
      [
        "POST",
        /^\/api\/files$/,
        async ({ request, url }) => {
          const visitor = visitors.verify(request.headers.authorization)
          limit(visitor.id)
          const content = await readBytes(request, fileBytesMax)
          if (content.length === 0) throw new Refusal(400, "the file is empty")
          const used = store.one<{ bytes: number }>(
            "select coalesce(sum(length(content)), 0) as bytes from file where visitor_id = ?",
            visitor.id,
          )
          if ((used?.bytes ?? 0) + content.length > visitorBytesMax) throw new Refusal(413, "no room for more files")
          const named = { name: nameOf(url.searchParams.get("name")), type: typeOf(request.headers["content-type"]) }
          const row = { id: newId(), visitor_id: visitor.id, ...named, size: content.length, content, url: null }
          return { status: 201, body: insert(row, 0) }
        },
      ],
      [
        "GET",
        /^\/files\/(file_[\w-]{16})\/([\w-]{43})$/,
        async ({ response, params: [id = "", mac = ""] }) => {
          const file = isSealed(key, "file", id, mac) ? find(id) : undefined
          if (file === undefined) throw new Refusal(404, "there is nothing here")
          const headers = fileHeaders(file)
          if (file.content !== null) return { headers, body: file.content }
          const answer = await link.download(file.url ?? "")
          response.writeHead(200, headers)
          if (answer.body === null) return void response.end()
          Readable.fromWeb(answer.body as ReadableStream)
            .on("error", () => response.destroy())
            .pipe(response)
          return undefined
        },
      ],
    ],
  }
}

/** Pictures are shown; whatever else it is, is saved and never runs here. */
export const isPicture = (type: string): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(type)

function fileHeaders({ name, type }: Row): Record<string, string> {
  const isShown = isPicture(type)
  return {
    "content-type": isShown ? type : "application/octet-stream",
    "content-disposition": `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(name)}`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=86400",
    "referrer-policy": "no-referrer",
  }
}

/** Without a path and without what turns the reading direction round. */
function nameOf(given: string | null): string {
  const name = (given ?? "").split(/[/\\]/).at(-1) ?? ""
  const clean = name.replaceAll(/[\p{Cc}\p{Cf}]/gu, "").trim()
  return [...clean].slice(-nameCharsMax).join("") || "file"
}

const typeOf = (given: string | undefined): string =>
  /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(given ?? "") ? (given as string).toLowerCase() : "application/octet-stream"
