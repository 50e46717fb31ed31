import { ana, type CallOptions, type Reply, type Story } from "../../../test/story.ts"

/** Somebody of a story's company. */
export interface Person {
  id: string
  email: string
  /** A request from their browser. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
}

/** A new teammate of the story's company, who came by an invitation and is signed in; the password is Ana's. */
export async function hire(
  story: Story,
  name: string,
  role: "admin" | "teammate" | "observer" = "teammate",
): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.test`
  const invited = await story.call("POST", "/causeway/invitations", { token: story.apiToken, json: { email, role } })
  if (invited.status !== 201) throw new Error(`${email} cannot be invited: ${invited.text}`)
  const token = new URL(invited.body.url).hash.slice(1)
  const accepted = await story.call("POST", "/causeway/invitations/accept", {
    json: { token, name, password: ana.password },
  })
  if (accepted.status !== 201) throw new Error(`${email} cannot join: ${accepted.text}`)
  return { id: accepted.body.teammate_id, email, call: browserOf(story, accepted) }
}

/** Requests of whoever has this address, once they have signed in. */
export async function signIn(story: Story, email = ana.email): Promise<Person["call"]> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", { json: { email, password: ana.password } })
  if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.text}`)
  return browserOf(story, answer)
}

/** Requests with the session that `answer` began. */
function browserOf(story: Story, answer: Reply): Person["call"] {
  const cookie = String(answer.headers.get("set-cookie")).split(";")[0] as string
  return (method, path, options = {}) =>
    story.call(method, path, {
      ...options,
      headers: { cookie, "sec-fetch-site": "same-origin", ...options.headers },
    })
}
