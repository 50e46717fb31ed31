/** Shorter ones are also parts of ordinary words. */
const secretCharsMin = 4

/** `text` without any of the secrets in it: a partner's words may repeat what it was sent, and they are shown and kept. */
export const without = (secrets: readonly (string | null | undefined)[], text: string): string =>
  secrets
    .filter((secret): secret is string => typeof secret === "string" && secret.length >= secretCharsMin)
    .reduce((left, secret) => left.replaceAll(secret, "•••"), text)

/** What is secret of an `Authorization` header: the token, or of Basic both the encoded pair and the password. */
export function secretsIn(authorization: string | null | undefined): string[] {
  const [scheme, value] = authorization?.split(" ", 2) ?? []
  if (value === undefined) return []
  if (scheme !== "Basic") return [value]
  const pair = Buffer.from(value, "base64").toString("utf8")
  return [value, pair.slice(pair.indexOf(":") + 1)]
}
