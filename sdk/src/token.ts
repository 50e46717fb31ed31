export { type ChannelTokenOptions, channelToken } from "@causeway/contract/channel-token"
