import { invalid } from "../http/errors.ts"

/** People click it: a scheme that runs something is none of a link's. Throws 400; `field` is where the URL was given. */
export function refuseOddUrl(url: string, field: string): void {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw invalid(field, `must be a whole URL that begins with https:// or http:// (was ${url.slice(0, 200)})`)
}
