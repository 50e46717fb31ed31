/** For channel builders: check what Causeway sends, and prove who you are when you call it. */
export {
  type SignedWebhook,
  signatureHeader,
  signWebhook,
  timestampHeader,
  verifyWebhook,
} from "@causeway/contract/signature"
export { type ChannelTokenOptions, channelToken } from "./token.ts"
