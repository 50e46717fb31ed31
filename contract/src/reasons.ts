/** How the reasons begin that the server found words for, because the channel had none: they are not put into the channel's mouth. */
export const ownReasonStart = "the channel's server"
