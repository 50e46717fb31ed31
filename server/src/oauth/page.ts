import { createHash } from "node:crypto"
import type { Answer } from "../http/route.ts"

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(30rem,100vw);padding:2rem}
h1{font-size:1.4rem;line-height:1.3;margin:0 0 1rem}
ul{padding-inline-start:1.2rem}
form{display:flex;gap:.75rem;flex-wrap:wrap;margin-block-start:1.5rem}
button{font:inherit;padding:.6rem 1.2rem;border-radius:.5rem;border:1px solid GrayText;background:ButtonFace;color:ButtonText;cursor:pointer}
button[value=allow]{background:#1d4ed8;border-color:#1d4ed8;color:#fff}
button:focus-visible{outline:3px solid Highlight;outline-offset:2px}
small{overflow-wrap:anywhere}`

const styleHash = createHash("sha256").update(style).digest("base64")

/**
 * Nothing runs, nothing is fetched, nobody frames it. The form leads to us and from there to the integration, which may lead on to wherever its pages
 * are: a browser holds form-action against every step of that way, so it says no more than what a redirect_uri may be.
 */
const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' https: http://localhost:* http://127.0.0.1:*`,
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
}

const page = (status: number, title: string, content: string): Answer => ({
  status,
  headers,
  text: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${htmlOf(title)} – Causeway</title><style>${style}</style></head><body><main><h1>${htmlOf(title)}</h1>${content}</main></body></html>`,
})

/** A request that may not be sent back to where it says it came from: the person is told instead. */
export const problemPage = (status: number, title: string, text: string): Answer =>
  page(status, title, `<p>${htmlOf(text)}</p>`)

/** Something went well and there is no more to do. */
export const textPage = (title: string, text: string): Answer => page(200, title, `<p>${htmlOf(text)}</p>`)

export interface Consent {
  clientName: string
  companyName: string
  email: string
  scopes: readonly string[]
  redirectUri: string
  /** What the form sends back: the request as it came, and the proof that this page was made for this person. */
  fields: Readonly<Record<string, string>>
}

/** The page on which an admin decides. Two buttons of one form, no script. */
export function consentPage(consent: Consent): Answer {
  const { origin } = new URL(consent.redirectUri)
  const fields = Object.entries(consent.fields)
    .map(([name, value]) => `<input type="hidden" name="${htmlOf(name)}" value="${htmlOf(value)}">`)
    .join("")
  const rights = inWords(consent.scopes)
    .map((line) => `<li>${htmlOf(line)}</li>`)
    .join("")
  return page(
    200,
    `Let ${consent.clientName} into ${consent.companyName}?`,
    `<p>It asks to use these on behalf of the whole company, for two years or until an admin ends it:</p><ul>${rights}</ul>
<form method="post" action="/oauth/authorize">${fields}<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></form>
<p><small>You are signed in as ${htmlOf(consent.email)}. Either answer leads to ${htmlOf(origin)}.</small></p>`,
  )
}

/** "conversations: read, write" for each resource, in the order in which they are asked for. */
function inWords(scopes: readonly string[]): string[] {
  const verbs = new Map<string, string[]>()
  for (const scope of scopes) {
    const [resource = "", ...rest] = scope.split(":")
    const list = verbs.get(resource) ?? []
    list.push(rest.at(-1) ?? "")
    verbs.set(resource, list)
  }
  return [...verbs].map(([resource, list]) => `${resource.replaceAll("_", " ")}: ${list.join(", ")}`)
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
const htmlOf = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] as string)
