import type { Caller, Endpoint } from "@causeway/contract/endpoint"
import { hire } from "@causeway/server/teammates/people.story"
import { afterAll, expect, test } from "vitest"
import {
  idFields,
  idOf,
  kindOf,
  leastOf,
  missingLike,
  otherWorld,
  outsider,
  ownWorld,
  parametersOf,
  tokenWithout,
  type World,
} from "./access-world.ts"
import { figure } from "./figure.ts"
import { type CallOptions, type Reply, startStory } from "./story.ts"

/**
 * Every operation of the route table against everybody who must not reach it. What an operation needs is read from its contract; what cannot be read
 * there is in the lists below, and an operation that is in neither fails.
 */
const story = await startStory()
/** Of the whole file: requests that were sent to an operation, and answers that they must not have had. */
const counts = { asked: 0, wrong: 0 }
afterAll(async () => {
  figure(
    "S5",
    `${endpoints.length} operations, ${counts.asked} requests by who must not reach them, ${counts.wrong} let in`,
  )
  await story.close()
})
const { call, server } = story
const { endpoints } = server
const acme = await ownWorld(story)
const other = await otherWorld(story)

/** Open to everybody on purpose. */
const open = new Set([
  "GET /healthz",
  "GET /readyz",
  "GET /causeway/setup",
  "POST /causeway/setup",
  "POST /causeway/auth/sign-in/email",
  "POST /causeway/auth/sign-out",
  "POST /causeway/auth/sign-in/passkey/options",
  "POST /causeway/auth/sign-in/passkey",
  "POST /causeway/auth/provider",
  "GET /causeway/auth/provider/callback",
  "POST /causeway/invitations/read",
  "POST /causeway/invitations/accept",
  "GET /oauth/authorize",
  "POST /oauth/authorize",
  "GET /causeway/connect/callback",
  "GET /openapi.json",
  "GET /docs",
  "GET /schemas/webhooks/:name",
])

const shift = { name: "Matrix", color: "red", timezone: "UTC", times: {}, teammate_ids: [] }

/** Bodies that their schema alone does not tell: what the handler checks before it looks for the id. */
const bodies: Record<string, object> = {
  "POST /shifts": shift,
  "POST /teams/:team_id/shifts": shift,
  "POST /causeway/invitations": { email: "dee@example.test" },
  "POST /inboxes/:inbox_id/channels": { type: "custom", name: "Matrix", application_uid: "1" },
}

/** Parameters that name nothing of a company. */
const plainParameters = new Set<string>([
  "query", // of a search: words
  "status_id", // of a ticket: nobody has any
])

const keyOf = ({ method, path }: Endpoint): string => `${method} ${path}`
const named = endpoints.map((endpoint) => ({ key: keyOf(endpoint), endpoint }))
const bodyOf = (endpoint: Endpoint): object | undefined =>
  endpoint.body === undefined ? undefined : ((bodies[keyOf(endpoint)] ?? leastOf(endpoint.body)) as object)

/** The operation's path with the parameters that `ids` gives, and `filler` for the rest. */
const pathOf = (endpoint: Endpoint, ids: ReadonlyMap<string, string>, filler = "x"): string =>
  endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids.get(name) ?? filler))

const send = (endpoint: Endpoint, path: string, options: CallOptions): Promise<Reply> => {
  const json = options.json ?? bodyOf(endpoint)
  counts.asked++
  return call(endpoint.method, path, { ...options, ...(json !== undefined && { json }) })
}

/** The operations a few at a time; answers what `check` found wrong, in the table's order. */
async function problemsOf(
  chosen: readonly Endpoint[],
  check: (endpoint: Endpoint) => Promise<(string | null)[]>,
): Promise<string[]> {
  const found: string[][] = chosen.map(() => [])
  const work = chosen.entries()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const [i, endpoint] of work)
        found[i] = (await check(endpoint)).flatMap((text) => (text === null ? [] : [`${keyOf(endpoint)}: ${text}`]))
    }),
  )
  const problems = found.flat()
  counts.wrong += problems.length
  return problems
}

const jwtOf = (world: World, over: object = {}, secret = world.app.secret): string =>
  story.channelToken({ iss: world.app.uid, sub: world.channelId, ...over }, secret)

const guarded = endpoints.filter((endpoint) => !open.has(keyOf(endpoint)))
const ofCompany = guarded.filter(({ callers }) => !callers.includes("client"))

test("what is open to everybody is listed here, and nothing else is", () => {
  const anyone = named.filter(({ endpoint }) => endpoint.callers.includes("anyone")).map(({ key }) => key)
  expect(anyone.filter((key) => !open.has(key))).toEqual([])
  expect([...open].filter((key) => !anyone.includes(key))).toEqual([])
})

test("no credential, a made-up one, and one of the wrong form are 401 everywhere", async () => {
  const wrong: CallOptions[] = [
    {},
    { token: `cw_${"0".repeat(40)}` },
    { token: `co_${"0".repeat(40)}` },
    { token: "ci_nothing" },
    { headers: { authorization: "Basic YTpi" } },
    { headers: { cookie: acme.admin.cookie?.replace(/.{6}$/, "AAAAAA") as string, "sec-fetch-site": "same-origin" } },
  ]
  const problems = await problemsOf(guarded, async (endpoint) => {
    const answers = await Promise.all(wrong.map((options) => send(endpoint, pathOf(endpoint, acme.ids), options)))
    return answers.map(({ status, text }, i) => (status === 401 ? null : `credential ${i} got ${status} ${text}`))
  })
  expect(problems).toEqual([])
})

test("a token of another app, with another secret or past its time opens nothing", async () => {
  const wrong = [
    jwtOf(acme, {}, other.app.secret),
    jwtOf(acme, { iss: other.app.uid }, other.app.secret),
    jwtOf(acme, { iss: story.app.uid }, story.app.secret),
    jwtOf(acme, { exp: 1 }),
  ]
  const problems = await problemsOf(ofCompany, async (endpoint) => {
    const answers = await Promise.all(wrong.map((token) => send(endpoint, pathOf(endpoint, acme.ids), { token })))
    return answers.map(({ status, text }, i) => (status === 401 ? null : `token ${i} got ${status} ${text}`))
  })
  expect(problems).toEqual([])
})

test("a kind of caller that an operation does not name is refused with 403 before anything is looked for", async () => {
  const kinds: [Caller, CallOptions][] = [
    ["channel", { token: jwtOf(acme) }],
    ["token", { token: acme.token }],
    ["session", { headers: acme.admin }],
  ]
  const problems = await problemsOf(ofCompany, (endpoint) =>
    Promise.all(
      kinds
        .filter(([kind]) => !endpoint.callers.includes(kind))
        .map(async ([kind, options]) => {
          const answer = await send(endpoint, pathOf(endpoint, acme.ids), options)
          const isRefused =
            answer.status === 403 && answer.body._error.message.startsWith("This operation is not open to")
          return isRefused ? null : `${kind} got ${answer.status} ${answer.text}`
        }),
    ),
  )
  expect(problems).toEqual([])
})

test("a token that lacks the operation's scope is refused with 403, whatever else it holds", async () => {
  const scopes = new Set(endpoints.flatMap(({ scope }) => (scope === null ? [] : [scope])))
  const lacking = new Map<string, string>()
  for (const scope of scopes) lacking.set(scope, await tokenWithout(story, acme, scope))
  const problems = await problemsOf(
    guarded.filter(({ callers, scope }) => callers.includes("token") && scope !== null),
    async (endpoint) => {
      const scope = String(endpoint.scope)
      const answer = await send(endpoint, pathOf(endpoint, acme.ids), { token: lacking.get(scope) as string })
      const isRefused = answer.status === 403 && answer.body._error.message === `This token lacks the scope ${scope}`
      return [isRefused ? null : `got ${answer.status} ${answer.text}`]
    },
  )
  expect(problems).toEqual([])
})

test("a page of another site cannot use a session to change anything", async () => {
  const changing = ofCompany.filter(({ callers, method }) => callers.includes("session") && method !== "GET")
  const problems = await problemsOf(changing, async (endpoint) => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.test" },
      {},
    ]
    const { cookie } = acme.admin as { cookie: string }
    const answers = await Promise.all(
      foreign.map((site) => send(endpoint, pathOf(endpoint, new Map()), { headers: { cookie, ...site } })),
    )
    return answers.map(({ status, text }) => (status === 403 ? null : `got ${status} ${text}`))
  })
  expect(problems).toEqual([])
})

/** Makes both answers comparable: the id that was asked for may be in them, and nothing else may differ. */
const comparable = ({ status, text }: Reply, id: string): string =>
  `${status} ${text.replaceAll(encodeURIComponent(id), "ID").replaceAll(id, "ID")}`

/** Asks once with Acme's id and once with nobody's; a problem when anything but the id tells them apart, or when it was not refused. */
async function tells(
  what: string,
  id: string,
  ask: (id: string) => Promise<Reply>,
  isRefusal: (answer: Reply) => boolean,
): Promise<string | null> {
  const missing = missingLike(id)
  const [foreignAnswer, missingAnswer] = [await ask(id), await ask(missing)]
  const [first, second] = [comparable(foreignAnswer, id), comparable(missingAnswer, missing)]
  if (first !== second) return `${what}: foreign ${first} · missing ${second}`
  return isRefusal(foreignAnswer) ? null : `${what}: not refused as missing but ${first}`
}

/** The ids of a company under the names that the operation's path has for them. */
async function idsFor(endpoint: Endpoint, world: World): Promise<Map<string, string>> {
  const ids = new Map(world.ids)
  for (const name of parametersOf(endpoint)) {
    const id = await idOf(story, endpoints, world, kindOf(name) ?? name)
    if (id !== null) ids.set(name, id)
  }
  return ids
}

/** Other's callers; a channel's token is made for each question, as it does not last long. */
const strangers: [Caller, () => CallOptions][] = [
  ["token", () => ({ token: other.token })],
  ["session", () => ({ headers: other.admin })],
  ["channel", () => ({ token: jwtOf(other) })],
]

test("a foreign id in the path is answered exactly like a missing one, whoever asks", async () => {
  const problems = await problemsOf(ofCompany, async (endpoint) => {
    const found: (string | null)[] = []
    for (const name of parametersOf(endpoint)) {
      if (plainParameters.has(name)) continue
      const kind = kindOf(name)
      const foreign = kind && (await idOf(story, endpoints, acme, kind))
      if (!foreign) {
        found.push(
          `nothing is known of the parameter ${name}: say in access-world.ts what makes one, or in plainParameters that it names nothing`,
        )
        continue
      }
      const own = await idsFor(endpoint, other)
      for (const [caller, options] of strangers.filter(([caller]) => endpoint.callers.includes(caller))) {
        const ask = (id: string) => send(endpoint, pathOf(endpoint, new Map(own).set(name, id)), options())
        // A channel's token is told that the path names another channel than its own, whether there is one or not.
        const statuses = caller === "channel" && name === "channel_id" ? [403, 404] : [404]
        found.push(await tells(`${caller}, ${name}`, foreign, ask, ({ status }) => statuses.includes(status)))
      }
    }
    return found
  })
  expect(problems).toEqual([])
})

test("the same ids open to their own company what can be read by them", async () => {
  const reading = ofCompany
    .filter(({ method, callers }) => method === "GET" && callers.includes("token"))
    .filter((endpoint) => !parametersOf(endpoint).some((name) => plainParameters.has(name)))
  const problems = await problemsOf(reading, async (endpoint) => {
    const answer = await send(endpoint, pathOf(endpoint, await idsFor(endpoint, acme)), { token: acme.token })
    return [answer.status < 400 ? null : `got ${answer.status} ${answer.text}`]
  })
  expect(problems).toEqual([])
})

test("a foreign id in a body or a query is answered exactly like a missing one", async () => {
  const problems = await problemsOf(
    ofCompany.filter(({ callers }) => callers.includes("token")),
    async (endpoint) => {
      const own = await idsFor(endpoint, other)
      const found: (string | null)[] = []
      for (const { name, isList, isQuery } of idFields(endpoint)) {
        const foreign = await idOf(story, endpoints, acme, kindOf(name) as string)
        if (foreign === null) continue
        const ask = (id: string) => {
          const path = pathOf(endpoint, own)
          if (isQuery) return send(endpoint, `${path}?${new URLSearchParams({ [name]: id })}`, { token: other.token })
          return send(endpoint, path, { token: other.token, json: { ...bodyOf(endpoint), [name]: isList ? [id] : id } })
        }
        // Refused for this field and no other reason; to a query, an empty list is as good: it shows nothing.
        const isRefusal = ({ status, text }: Reply) =>
          status === 404 || (status >= 400 && text.includes(name)) || (isQuery && status === 200)
        found.push(await tells(name, foreign, ask, isRefusal))
      }
      return found
    },
  )
  expect(problems).toEqual([])
})

test("another channel of the same app reaches nothing of this one, and is told no more than of nothing", async () => {
  const second = need(
    await call("POST", `/inboxes/${acme.ids.get("inbox_id")}/channels`, {
      token: acme.token,
      json: { type: "custom", name: "Second", application_uid: acme.app.uid },
    }),
  )
  const token = jwtOf(acme, { sub: second.headers.get("location")?.split("/").at(-1) })
  const problems = await problemsOf(
    ofCompany.filter((endpoint) => endpoint.callers.includes("channel") && parametersOf(endpoint).length > 0),
    async (endpoint) => {
      const [name = ""] = parametersOf(endpoint)
      const ask = (id: string) => send(endpoint, pathOf(endpoint, new Map(acme.ids).set(name, id)), { token })
      const statuses = name === "channel_id" ? [403, 404] : [404]
      return [await tells(name, acme.ids.get(name) as string, ask, ({ status }) => statuses.includes(status))]
    },
  )
  expect(problems).toEqual([])
})

const need = (answer: Reply): Reply => {
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer
}

/** What an observer may do beside reading: speak among teammates, and keep what is theirs alone. */
const observersMay = new Set([
  "PUT /causeway/conversations/:conversation_id/read",
  "POST /conversations/:conversation_id/comments",
  "POST /comments/:comment_id/replies",
  "POST /causeway/conversations/:conversation_id/presence",
  "PATCH /causeway/notifications/preferences",
  "PATCH /causeway/session/preferences",
  "POST /causeway/auth/prove",
  "POST /causeway/auth/prove/passkey",
  "POST /causeway/auth/passkeys/options",
  "POST /causeway/auth/passkeys",
  "DELETE /causeway/auth/passkeys/:passkey_id",
  "DELETE /causeway/teammates/:teammate_id/sessions", // their own; anybody else's is a missing one
  "POST /causeway/signatures/inspect", // reads
  "POST /causeway/clock", // of a server with a held clock, which nobody else reaches
])

test("an observer changes nothing that is not listed here, not even with the developer flag", async () => {
  const observer = await hire(story, "Ola Marsh", "observer")
  need(await call("PATCH", `/causeway/teammates/${observer.id}`, { token: acme.token, json: { is_developer: true } }))
  /** What the least body lacks for the role to be looked at. */
  const whole: Record<string, object> = {
    "PUT /conversations/:conversation_id/assignee": { assignee_id: observer.id },
    "POST /causeway/conversations/:conversation_id/merge": { conversation_ids: [acme.ids.get("conversation_id")] },
    "POST /conversations/:conversation_id/links": { link_external_urls: ["https://example.test/1"] },
    "PATCH /conversations/:conversation_id/reminders": {
      teammate_id: observer.id,
      scheduled_at: Math.ceil(Date.now() / 1000) + 3600,
    },
  }
  const changing = ofCompany.filter(({ callers, method }) => callers.includes("session") && method !== "GET")
  const problems = await problemsOf(changing, async (endpoint) => {
    if (observersMay.has(keyOf(endpoint))) return []
    const json = whole[keyOf(endpoint)] ?? bodyOf(endpoint)
    const path = pathOf(endpoint, await idsFor(endpoint, acme))
    const { status, text } = await observer.call(endpoint.method, path, json === undefined ? {} : { json })
    return [status === 403 ? null : `got ${status} ${text.slice(0, 200)}`]
  })
  expect(problems).toEqual([])
})

const rulesInboxes = endpoints.some((endpoint) => keyOf(endpoint) === "POST /inboxes/:inbox_id/teammates")

test.skipIf(!rulesInboxes)(
  "a teammate who is not of an inbox reaches nothing in it, and is told no more than of nothing",
  async () => {
    const { db } = server.services
    await db.query({ text: "update inbox set is_public = false" })
    const teammate = await outsider(story)
    const withinInboxes = new Set([
      "conversation_id",
      "message_id",
      "attachment_id",
      "comment_id",
      "comment_attachment_id",
    ])
    // Who has which channels and inboxes is shown to all; what is done with them is not for all.
    const usedWithin = new Set(["channel_id", "inbox_id"])
    const problems = await problemsOf(
      ofCompany.filter(({ callers }) => callers.includes("session")),
      async (endpoint) => {
        const found: (string | null)[] = []
        const ids = await idsFor(endpoint, acme)
        const isGuarded = (kind: string) =>
          withinInboxes.has(kind) || (endpoint.method !== "GET" && usedWithin.has(kind))
        for (const name of parametersOf(endpoint).filter((parameter) => isGuarded(kindOf(parameter) ?? ""))) {
          const ask = (id: string) =>
            send(endpoint, pathOf(endpoint, new Map(ids).set(name, id)), { headers: teammate })
          found.push(await tells(name, ids.get(name) as string, ask, ({ status }) => status === 404 || status === 403))
        }
        return found
      },
    )
    expect(problems).toEqual([])
  },
)
