import { createHmac, randomUUID } from "node:crypto"

export interface ChannelTokenOptions {
  /** The app's uid (digits), from its settings. */
  appUid: string
  /** The app's secret, shown once when it was made. */
  secret: string
  /** The channel this token acts for, `cha_…`. */
  channelId: string
  /** How long it may be used. Default 10 seconds: make a new one for every request. */
  expiresInSeconds?: number
}

/**
 * The JSON Web Token with which a partner calls the Channel API: HS256, `Authorization: Bearer <token>`. It opens this one channel, its
 * conversations and its messages.
 */
export function channelToken({ appUid, secret, channelId, expiresInSeconds = 10 }: ChannelTokenOptions): string {
  const header = encode({ typ: "JWT", alg: "HS256" })
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = encode({ iss: appUid, sub: channelId, jti: randomUUID(), exp: nowSeconds + expiresInSeconds })
  const signature = createHmac("sha256", secret).update(`${header}.${claims}`).digest("base64url")
  return `${header}.${claims}.${signature}`
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url")
