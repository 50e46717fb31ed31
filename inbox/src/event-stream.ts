/** One server-sent event. */
export interface StreamEvent {
  /** The `id:` field, "" when the event has none. */
  id: string
  event: string
  data: string
}

/**
 * Reads server-sent events out of a response. EventSource is not used because it hides what we act on: the status of a refusal (401) and the
 * comments by which the server shows that it is still there. Yields what one chunk completed; an empty list is a sign of life.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  const parser = eventParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield parser(value)
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Takes text as it comes, cut anywhere, and gives the events that are complete. Source: HTML Standard, 9.2.6. */
export function eventParser(): (text: string) => StreamEvent[] {
  let rest = ""
  let open: StreamEvent = { id: "", event: "", data: "" }
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ""
    const complete: StreamEvent[] = []
    for (const line of lines) {
      if (line === "") {
        if (open.data !== "") complete.push({ ...open, event: open.event || "message" })
        open = { id: open.id, event: "", data: "" }
      } else {
        open = withField(open, line)
      }
    }
    return complete
  }
}

function withField(event: StreamEvent, line: string): StreamEvent {
  const colon = line.indexOf(":")
  if (colon === 0) return event
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "")
  switch (name) {
    case "id":
      return { ...event, id: value }
    case "event":
      return { ...event, event: value }
    case "data":
      return { ...event, data: event.data === "" ? value : `${event.data}\n${value}` }
    default:
      return event
  }
}
