/** Whether a message was seen. Source: the vendor's Core API document. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { SeenReceipt } from "../resources/seen-receipt.ts"
import { listOf } from "../shapes.ts"

const MessageParams = Type.Object({ message_id: Type.String({ description: "msg_… or alt:uid:…" }) })

export const listSeenReceipts = endpoint({
  method: "GET",
  path: "/messages/:message_id/seen",
  summary: "When a message was first seen, if anybody told.",
  callers: ["channel", "token", "session"],
  scope: "messages:read",
  params: MessageParams,
  responses: { 200: listOf(SeenReceipt) },
})

export const markMessageSeen = endpoint({
  method: "POST",
  path: "/messages/:message_id/seen",
  summary: "An end user saw a message that we sent. 10 times an hour for each message at most.",
  callers: ["channel", "token"],
  scope: "messages:write",
  params: MessageParams,
  responses: { 204: null },
})
