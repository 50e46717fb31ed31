import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api"

/** Whoever loads an OpenTelemetry SDK into the process hears of these; without one they cost next to nothing. */
const tracer = trace.getTracer("causeway")

/** Runs `work` within a span of that name; a throw marks the span and goes on. Names and ids only: no text of a message belongs into a trace. */
export function inSpan<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "thrown" })
      throw error
    } finally {
      span.end()
    }
  })
}
