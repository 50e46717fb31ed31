/** For channel builders: answer the platform's webhooks, call its Channel API, and check what it signs. */
export {
  type SignedWebhook,
  signatureHeader,
  signWebhook,
  timestampHeader,
  verifyWebhook,
} from "@causeway/contract/signature"
export { type AdapterOptions, toExpress, toFastify, toHono, toNode } from "./channel/adapters.ts"
export { type ChannelHandler, type ChannelOptions, defineChannel } from "./channel/define.ts"
export { ChannelError, type ChannelErrorCode, errorStatus } from "./channel/error.ts"
export { type Claim, type MessageStore, memoryStore } from "./channel/store.ts"
export type {
  ListedAddress,
  SentMessage,
  WebhookAttachment,
  WebhookAuthor,
  WebhookContext,
  WebhookMessage,
  WebhookMetadata,
  WebhookRecipient,
} from "./channel/webhook.ts"
export { ChannelClient, type ChannelClientOptions } from "./client/client.ts"
export { ApiError } from "./client/request.ts"
export type {
  Accepted,
  CallChange,
  File,
  InboundMessage,
  MessageIds,
  NewCall,
  OutboundMessage,
  Party,
  Template,
  TranscriptLine,
  Typing,
} from "./client/shapes.ts"
export { type ChannelTokenOptions, channelToken } from "./token.ts"
