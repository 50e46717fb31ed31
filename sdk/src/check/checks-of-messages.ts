import { check, sends, unknown } from "./check.ts"
import { type Check, fail, mustBeRefused, mustBeSent, pass, said, sentProblem, warn } from "./verdict.ts"

export const messages: Check[] = [
  check(
    "MSG-01",
    "A message is answered with success and both ids",
    'Answer {"type":"success","external_id":"…","external_conversation_id":"…"}.',
    sends((p) => p.message()),
  ),
  check("MSG-02", "The answer is JSON and says so", "Send Content-Type: application/json.", async (p) => {
    const answer = await p.send(p.message())
    if (answer.status === 0) return fail(said(answer))
    return answer.headers["content-type"]?.includes("json")
      ? pass
      : warn(`content-type is ${answer.headers["content-type"]}`)
  }),
  check(
    "MSG-03",
    "external_id has at most 200 characters",
    "Return the provider's id, or a digest of it.",
    async (p) => {
      const answer = await p.send(p.message())
      const problem = sentProblem(answer)
      if (problem !== null) return fail(problem)
      return String(answer.json?.external_id).length <= 200 ? pass : fail("external_id is longer than 200 characters")
    },
  ),
  check(
    "MSG-04",
    "A reply stays in its conversation",
    "Return one of metadata.external_conversation_ids.",
    async (p) => {
      const thread = p.id("thread")
      const { json } = await p.send(
        p.message({}, { external_conversation_id: thread, external_conversation_ids: [thread] }),
      )
      return json?.external_conversation_id === thread
        ? pass
        : warn(`expected ${thread}, got ${json?.external_conversation_id}`)
    },
  ),
  check(
    "MSG-05",
    "Different messages get different external ids",
    "Make external_id from the provider's id of the message.",
    async (p) => {
      const [a, b] = [await p.send(p.message()), await p.send(p.message())]
      return a.json?.external_id !== b.json?.external_id ? pass : fail(`both got ${a.json?.external_id}`)
    },
  ),
  check(
    "MSG-06",
    "Different messages in one conversation are both sent",
    "Key on payload.id, not on the conversation.",
    async (p) => {
      const first = p.message()
      const [a, b] = [await p.send(first), await p.send(p.message({}, first.metadata))]
      return a.json?.external_id !== b.json?.external_id ? mustBeSent(b) : fail(`both got ${a.json?.external_id}`)
    },
  ),
  check(
    "MSG-07",
    "The same message sent twice is created once",
    "Look payload.id up before sending; answer with the first ids.",
    async (p) => {
      const message = p.message()
      const [a, b] = [await p.send(message), await p.send(message)]
      return a.json?.external_id === b.json?.external_id
        ? mustBeSent(b)
        : fail(`expected one external_id, got ${a.json?.external_id}, ${b.json?.external_id}`)
    },
  ),
  check(
    "MSG-08",
    "A copy keeps its conversation",
    "Answer a copy with the first external_conversation_id.",
    async (p) => {
      const message = p.message({}, { external_conversation_ids: [] })
      const [a, b] = [await p.send(message), await p.send(message)]
      const problem = sentProblem(a) ?? sentProblem(b)
      if (problem !== null) return fail(problem)
      return a.json?.external_conversation_id === b.json?.external_conversation_id
        ? pass
        : fail("the copy got another external_conversation_id")
    },
  ),
  check(
    "MSG-09",
    "Unknown fields beside the payload are ignored",
    unknown,
    sends((p) => ({ ...p.message(), new_field: [1] })),
  ),
  check(
    "MSG-10",
    "Unknown fields in the payload are ignored",
    unknown,
    sends((p) => p.message({ new_field: { a: null } })),
  ),
  check(
    "MSG-11",
    "Unknown fields in metadata are ignored",
    unknown,
    sends((p) => p.message({}, { external_conversation_ids: [p.id("t")], new_field: true })),
  ),
  check(
    "MSG-12",
    "Text of any script arrives",
    "Decode the body as UTF-8.",
    sends((p) => p.message({ text: "Grüße 🌉 你好 مرحبا e\u0301", body: "Grüße 🌉 你好" })),
  ),
  check(
    "MSG-13",
    "A new conversation without ids is sent",
    "external_conversation_ids may be empty: make an id of the recipient.",
    sends((p) => p.message({}, { external_conversation_ids: [] })),
  ),
  check(
    "MSG-14",
    "A message without the singular external_conversation_id is sent",
    "Read external_conversation_ids; the singular goes away.",
    sends((p) => p.message({}, { external_conversation_ids: [p.id("t")] })),
  ),
  check(
    "MSG-15",
    "A merged conversation with several ids is sent",
    "Take any one of external_conversation_ids.",
    sends((p) => p.message({}, { external_conversation_ids: [p.id("t"), p.id("t")] })),
  ),
  check(
    "MSG-16",
    "Conversation ids with / and % arrive as they are",
    "Treat ids as opaque; do not decode them.",
    async (p) => {
      const thread = `a/b%2Fc%#?${p.id("t")}`
      const answer = await p.send(
        p.message({}, { external_conversation_id: thread, external_conversation_ids: [thread] }),
      )
      return sentProblem(answer) !== null
        ? mustBeSent(answer)
        : answer.json?.external_conversation_id === thread
          ? pass
          : warn(`got ${answer.json?.external_conversation_id}`)
    },
  ),
  check(
    "MSG-17",
    "A message without text is sent",
    "text may be empty: attachments can be all there is.",
    sends((p) => p.message({ text: "", body: "" })),
  ),
  check(
    "MSG-18",
    "A message of 100 kB is answered",
    "Raise the limit of your body parser to at least 1 MB.",
    async (p) => {
      const answer = await p.send(p.message({ text: "x".repeat(100_000) }))
      return sentProblem(answer) === null || answer.json?.type === "bad_request"
        ? pass
        : fail(`expected success or bad_request, got ${said(answer)}`)
    },
  ),
  check(
    "MSG-19",
    "A message without an author is sent",
    "author may be null: rules and API tokens write too.",
    sends((p) => p.message({ author: null })),
  ),
  check(
    "MSG-20",
    "A message to several recipients is answered",
    "Answer bad_request where several recipients are not possible.",
    async (p) => {
      const { payload } = p.message()
      const recipients = [...(payload.recipients as object[]), { handle: "second", role: "to", name: null }]
      const answer = await p.send(p.message({ recipients }))
      return sentProblem(answer) === null || mustBeRefused(answer).result === "pass"
        ? pass
        : fail(`got ${said(answer)}`)
    },
  ),
  check(
    "MSG-21",
    "Quotes, backslashes and control characters arrive",
    "Parse JSON with a parser; sign the bytes you got.",
    sends((p) => p.message({ text: '"\\\u0001\u2028\n</script>' })),
  ),
  check(
    "MSG-22",
    "Null in optional fields is taken",
    "subject, signature and version may be null.",
    sends((p) => p.message({ subject: null, version: null, signature: null })),
  ),
  check(
    "MSG-23",
    "An attachment's description is taken, or refused by a code",
    "Read attachments, or answer bad_request.",
    async (p) => {
      const attachment = {
        id: "fil_1",
        url: "https://api.example.test/download/fil_1",
        filename: "Grüße 🌉.pdf",
        content_type: "application/pdf",
        size: 25 * 1024 * 1024,
        metadata: { is_inline: false },
      }
      const answer = await p.send(p.message({ attachments: [attachment] }))
      return sentProblem(answer) === null || typeof answer.json?.type === "string" ? pass : fail(`got ${said(answer)}`)
    },
  ),
]
