import fc from "fast-check"
import { expect, test } from "vitest"
import { eventParser } from "./event-stream.ts"

const stream =
  'retry: 1000\n\nid: e-1\nevent: hello\ndata: {"cursor":"e-9"}\n\n: still here\n\nid: e-2\r\nevent: change\r\ndata: one\r\ndata: two\r\n\r\n'
const events = [
  { id: "e-1", event: "hello", data: '{"cursor":"e-9"}' },
  { id: "e-2", event: "change", data: "one\ntwo" },
]

test("a stream cut at any places gives the same events", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), stream.length]
      const parse = eventParser()
      const parts = cuts.slice(1).map((end, index) => stream.slice(cuts[index], end))
      expect(parts.flatMap(parse)).toEqual(events)
    }),
  )
})

test("an event that is not yet ended by an empty line is kept for later", () => {
  const parse = eventParser()
  expect(parse("event: change\ndata: {}")).toEqual([])
  expect(parse("\n\n")).toEqual([{ id: "", event: "change", data: "{}" }])
})
