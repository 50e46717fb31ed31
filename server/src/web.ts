import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import fastifyStatic from "@fastify/static"
import type { FastifyInstance } from "fastify"

const dist = fileURLToPath(new URL("../../inbox/dist/", import.meta.url))

/** What the inbox may load and from where: itself, and pictures that a message holds. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; frame-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types causeway ProseMirrorClipboard"

/** The page runs only our own script and style; messages that are more than plain sit in frames of this origin, which run nothing. */
const pageHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

/** The built inbox below /app/: assets by their hashed names for ever, the page itself for every other path and never from a cache. */
export async function serveInbox(app: FastifyInstance): Promise<void> {
  app.get("/", (_request, reply) => reply.redirect("/app/", 302))
  app.get("/app", (_request, reply) => reply.redirect("/app/", 302))
  if (!existsSync(join(dist, "index.html"))) {
    app.get("/app/*", (_request, reply) =>
      reply.code(503).type("text/plain").send("The inbox has not been built. Fix: npm run build, then start again.\n"),
    )
    return
  }
  await app.register(fastifyStatic, { root: dist, serve: false, dotfiles: "ignore" })
  app.get("/app/*", (request, reply) => {
    const path = (request.params as { "*": string })["*"]
    reply.headers(pageHeaders)
    if (path.startsWith("assets/") && existsSync(join(dist, path)))
      return reply.sendFile(path, { maxAge: "365d", immutable: true })
    if (/^[\w-]+\.(svg|png|ico|webmanifest|js)$/.test(path) && existsSync(join(dist, path)))
      return reply.sendFile(path, { maxAge: 0 })
    if (path.startsWith("assets/")) return reply.callNotFound()
    return reply.header("cache-control", "no-cache").sendFile("index.html", { cacheControl: false })
  })
}
