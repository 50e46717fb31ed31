/**
 * The page's policy (`require-trusted-types-for 'script'`) refuses texts wherever a browser could make a script of them. These two are what we need of
 * that, and nobody else may make them: a document that is read and never shown, and the address of a script of our own.
 */
interface Policy {
  createHTML(html: string): string
  createScriptURL(path: string): string
}
type Rules = { [K in keyof Policy]: Policy[K] }
const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Rules): Policy } }

const rules: Rules = {
  createHTML: (html) => html,
  createScriptURL(path) {
    if (!path.startsWith("/app/")) throw new TypeError(`${path} is no script of ours`)
    return path
  },
}
// Browsers without trusted types take the texts themselves.
const policy = trustedTypes?.createPolicy("causeway", rules) ?? rules

/** The elements of `html`, in a document that runs and loads nothing. */
export const inertBody = (html: string): HTMLElement =>
  new DOMParser().parseFromString(policy.createHTML(html), "text/html").body

export const ownScript = (path: string): string => policy.createScriptURL(path)
