import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { Refusal } from "../shared/serve.ts"
import { isSealed, seal } from "../shared/signed.ts"
import { type Store, setting } from "../shared/store.ts"

export const visitorsSchema = `create table if not exists visitor (
  id text primary key, user_id text unique, name text, email text, created_at integer not null
) strict;`

export interface Visitor {
  id: string
  /** Who they are on the website; null while nobody vouched for them. */
  user_id: string | null
  name: string | null
  email: string | null
}

/** What a website's server says of somebody who is signed in there. */
interface Identity {
  user_id: string
  name?: string
  email?: string
}

/**
 * Who may read what. A visitor is whoever holds the token that was made for them: an id and its HMAC, so that nobody gets at another's history by
 * guessing ids. Somebody who is signed in on the website is the same visitor on every device; the website's server vouches for them.
 */
export interface Visitors {
  create(): { visitor: Visitor; token: string }
  /** Whose token it is; null for none of ours. */
  known(authorization: string | undefined): Visitor | null
  /** The same. Throws 401. */
  verify(authorization: string | undefined): Visitor
  /** Whoever the website vouches for. `current` becomes that person where the person is new here. Throws 401. */
  identify(identity: string, current: Visitor | null): { visitor: Visitor; token: string }
  find(id: string): Visitor | undefined
}

export function openVisitors(store: Store, identitySecret: string | null): Visitors {
  const key = setting(store, "visitor_key", () => randomBytes(32).toString("base64url"))
  const find = (id: string) => store.one<Visitor>("select id, user_id, name, email from visitor where id = ?", id)
  const withToken = (visitor: Visitor) => ({ visitor, token: `v1.${visitor.id}.${seal(key, "visitor", visitor.id)}` })
  const insert = (visitor: Visitor): Visitor => {
    const { id, user_id, name, email } = visitor
    store.run("insert into visitor values (?, ?, ?, ?, ?)", id, user_id, name, email, Date.now())
    return visitor
  }
  const known = (authorization: string | undefined): Visitor | null => {
    const [, id = "", mac = ""] = /^Bearer v1\.(vis_[\w-]{16})\.([\w-]{43})$/.exec(authorization ?? "") ?? []
    return (isSealed(key, "visitor", id, mac) && find(id)) || null
  }
  const newId = () => `vis_${randomBytes(12).toString("base64url")}`
  return {
    create: () => withToken(insert({ id: newId(), user_id: null, name: null, email: null })),
    known,
    verify(authorization) {
      const visitor = known(authorization)
      if (visitor === null) throw new Refusal(401, "the visitor's token is missing or wrong")
      return visitor
    },
    identify(identity, current) {
      const { user_id, name = null, email = null } = readIdentity(identity, identitySecret)
      const known = store.one<Visitor>("select id from visitor where user_id = ?", user_id)
      const isNew = known === undefined && current !== null && current.user_id === null
      const id = known?.id ?? (isNew ? current.id : insert({ id: newId(), user_id, name, email }).id)
      store.run("update visitor set user_id = ?, name = ?, email = ? where id = ?", user_id, name, email, id)
      return withToken({ id, user_id, name, email })
    },
    find,
  }
}

/** `<base64url of JSON {user_id, name?, email?, exp}>.<base64url of its HMAC-SHA256>`; exp is in seconds. */
function readIdentity(identity: string, secret: string | null): Identity {
  const refusal = new Refusal(401, "the identity is not signed by the website, or is too old")
  const [payload = "", mac = ""] = identity.split(".")
  if (secret === null || !isSameText(signIdentity(payload, secret), mac)) throw refusal
  const { user_id, name, email, exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as Identity & {
    exp: number
  }
  if (typeof user_id !== "string" || !(exp > Date.now() / 1000)) throw refusal
  return {
    user_id: user_id.slice(0, 200),
    ...(typeof name === "string" && { name: name.slice(0, 200) }),
    ...(typeof email === "string" && { email: email.slice(0, 200) }),
  }
}

const signIdentity = (payload: string, secret: string): string =>
  createHmac("sha256", secret).update(payload).digest("base64url")

function isSameText(want: string, got: string): boolean {
  const [a, b] = [Buffer.from(want), Buffer.from(got)]
  return a.length === b.length && timingSafeEqual(a, b)
}
