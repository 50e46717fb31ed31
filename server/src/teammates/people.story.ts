import { formatId, parseId } from "@causeway/contract/ids"
import { ana, type CallOptions, type Reply, type Story } from "../../../test/story.ts"
import { insertTeammate } from "./store.ts"

/** Somebody of a story's company. */
export interface Person {
  id: string
  email: string
  /** A request from their browser. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
}

/** A new teammate of the story's company, signed in; the password is Ana's. */
export async function hire(
  story: Story,
  name: string,
  role: "admin" | "teammate" | "observer" = "teammate",
): Promise<Person> {
  const { db, ids } = story.server.services
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.test`
  await ids.reserve(1)
  const id = ids.take()
  await db.query({ text: "insert into identity_user (id, name, email) values ($1, $2, $1)", values: [email, name] })
  await db.query({
    text: `insert into identity_account (id, "accountId", "providerId", "userId", password)
           select $1, $1, "providerId", $1, password from identity_account limit 1`,
    values: [email],
  })
  const companyId = parseId("cmp", story.companyId) as number
  await db.tx((tx) => insertTeammate(tx, { companyId, id, identityId: email, email, name, role }))
  return { id: formatId("tea", id), email, call: await signIn(story, email) }
}

/** Requests of whoever has this address, once they have signed in. */
export async function signIn(story: Story, email = ana.email): Promise<Person["call"]> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", { json: { email, password: ana.password } })
  if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.text}`)
  const cookie = String(answer.headers.get("set-cookie")).split(";")[0] as string
  return (method, path, options = {}) =>
    story.call(method, path, {
      ...options,
      headers: { cookie, "sec-fetch-site": "same-origin", ...options.headers },
    })
}
