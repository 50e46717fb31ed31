import { expect, test } from "vitest"
import { curlOf, diffOf, type Shown } from "./exchange.ts"
import { merge } from "./useLog.ts"

const shown: Shown = {
  id: "dlv_1",
  method: "POST",
  url: "https://a.test/it's",
  requestHeaders: { "content-type": "application/json", authorization: "Bearer •••", "content-length": "9" },
  requestBody: `{"a":"it's"}`,
  status: 200,
  responseHeaders: {},
  responseBody: null,
  timing: {},
  outcome: "answered",
}

test("a request is copied as a command that a shell takes, without the credential", () => {
  expect(curlOf(shown)).toBe(
    `curl -X POST 'https://a.test/it'\\''s' \\\n  -H 'content-type: application/json' \\\n  -H "authorization: Bearer $TOKEN" \\\n  --data-binary '{"a":"it'\\''s"}'`,
  )
})

test("two texts are compared line by line", () => {
  expect(diffOf("a\nb\nc", "a\nx\nc\nd").map(({ side, text }) => `${side} ${text}`)).toEqual([
    "both a",
    "before b",
    "after x",
    "both c",
    "after d",
  ])
  expect(diffOf("same", "same")).toEqual([{ side: "both", text: "same" }])
})

test("a newer page replaces what it knows and keeps what is older", () => {
  const entry = (id: string, outcome: "ok" | "waiting" = "ok") =>
    ({ id, outcome }) as Parameters<typeof merge>[0][number]
  const merged = merge([entry("req_c"), entry("dlv_b")], [entry("dlv_b", "waiting"), entry("dlv_a")])
  expect(merged.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(["req_c ok", "dlv_b ok", "dlv_a ok"])
})
