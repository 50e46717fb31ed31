import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client"

/** What this process counts of its own work, from its start. */
export const meters = new Registry()
const registers = [meters]
collectDefaultMetrics({ register: meters })

/** Answers, by operation (`POST /channels/:channel_id/inbound_messages`) and status. */
export const requestSeconds = new Histogram({
  registers,
  name: "causeway_http_request_seconds",
  help: "From a request's headers to the end of its answer.",
  labelNames: ["operation", "status"] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
})

/** Messages that were acknowledged after their commit; those that were here before are among them. */
export const acceptedMessages = new Counter({
  registers,
  name: "causeway_messages_accepted_total",
  help: "Inbound and imported messages that were committed, and answered with 202.",
})

export const acceptBatchMessages = new Histogram({
  registers,
  name: "causeway_accept_batch_messages",
  help: "How many messages shared one transaction.",
  buckets: [1, 2, 4, 8, 16, 32, 64, 128],
})

export const acceptBatchSeconds = new Histogram({
  registers,
  name: "causeway_accept_batch_seconds",
  help: "What one such transaction took, its commit included.",
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
})

export const replyGroupReplies = new Histogram({
  registers,
  name: "causeway_reply_group_replies",
  help: "How many replies shared one transaction.",
  buckets: [1, 2, 4, 8, 16, 32, 64],
})

export const replyGroupSeconds = new Histogram({
  registers,
  name: "causeway_reply_group_seconds",
  help: "What one such transaction took, its commit included.",
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
})

/** The partner's limit is 7 s, so one bucket ends there. */
export const attemptSeconds = new Histogram({
  registers,
  name: "causeway_delivery_attempt_seconds",
  help: "One try of a webhook, by its type, what came of it (answered or the kind of fault) and what was decided.",
  labelNames: ["type", "outcome", "decision"] as const,
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7, 10, 30],
})

/** Where a scanner is named. A verdict is kept for a day, so a file that is opened often is scanned once. */
export const scannedFiles = new Counter({
  registers,
  name: "causeway_files_scanned_total",
  help: "Files that the virus scanner was given: clean, refused, or none where it came to no verdict.",
  labelNames: ["verdict"] as const,
})
for (const verdict of ["clean", "refused", "none"]) scannedFiles.inc({ verdict }, 0) // a rate needs where it began
