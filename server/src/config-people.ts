import { resolve } from "node:path"
import { ConfigError } from "./config.ts"
import type { MailConfig } from "./mail/mailer.ts"
import type { ProviderConfig } from "./sign-in/provider.ts"

/** What has to do with how people get in, from the environment. */
type Environment = Readonly<Record<string, string | undefined>>

/** Paths of PEM files: the certificate with its chain, and its key. */
export interface TlsFiles {
  certificate: string
  key: string
}

/** Null: the server speaks plain HTTP, and a proxy ends TLS. */
export function readTls({ CAUSEWAY_TLS_CERT: certificate, CAUSEWAY_TLS_KEY: key }: Environment): TlsFiles | null {
  if (!certificate && !key) return null
  if (!certificate || !key)
    throw new ConfigError(
      `CAUSEWAY_TLS_${certificate ? "KEY" : "CERT"} must be set as well. Example: CAUSEWAY_TLS_CERT=/etc/tls/inbox.pem CAUSEWAY_TLS_KEY=/etc/tls/inbox.key`,
    )
  return { certificate: resolve(certificate), key: resolve(key) }
}

/** Null: nothing is mailed; links are copied. */
export function readMail(env: Environment): MailConfig | null {
  const url = env.CAUSEWAY_SMTP_URL
  if (url === undefined || url === "") return null
  // Not repeated: it may hold a password.
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new ConfigError(
      "CAUSEWAY_SMTP_URL must be smtp:// or smtps:// and a host. Example: CAUSEWAY_SMTP_URL=smtps://inbox:secret@mail.example.com:465",
    )
  if (!/^(|\?tls=(required|optional))$/.test(new URL(url).search))
    throw new ConfigError(
      "CAUSEWAY_SMTP_URL may end in ?tls=optional or ?tls=required. Example: CAUSEWAY_SMTP_URL=smtp://relay.example.com:25?tls=optional",
    )
  const from = env.CAUSEWAY_SMTP_FROM
  if (from === undefined || !/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/.test(from))
    throw new ConfigError(
      `CAUSEWAY_SMTP_FROM must say who mails are from (was "${from ?? ""}"). Example: CAUSEWAY_SMTP_FROM="Acme <inbox@example.com>"`,
    )
  return { url, from }
}

/** Null: people sign in here alone. */
export function readProvider(env: Environment): ProviderConfig | null {
  const { CAUSEWAY_OIDC_ISSUER: issuer, CAUSEWAY_OIDC_CLIENT_ID: clientId, CAUSEWAY_OIDC_CLIENT_SECRET: secret } = env
  if (!issuer) return null
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const isHere = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === "https:" || isHere))
    throw new ConfigError(
      `CAUSEWAY_OIDC_ISSUER must be https:// and the provider's address (was "${issuer}"). Example: CAUSEWAY_OIDC_ISSUER=https://login.example.com/realms/acme`,
    )
  for (const [name, value] of [
    ["CAUSEWAY_OIDC_CLIENT_ID", clientId],
    ["CAUSEWAY_OIDC_CLIENT_SECRET", secret],
  ])
    if (!value)
      throw new ConfigError(
        `${name} must be set with CAUSEWAY_OIDC_ISSUER: the provider gave it. Example: ${name}=causeway`,
      )
  return {
    issuer,
    clientId: clientId as string,
    clientSecret: secret as string,
    name: env.CAUSEWAY_OIDC_NAME || url.hostname,
    sessionHours: readSessionHours(env.CAUSEWAY_OIDC_SESSION_HOURS),
  }
}

/** At most as long as any other session. */
const sessionHoursMax = 90 * 24

function readSessionHours(value: string | undefined): number {
  if (value === undefined || value === "") return 24
  const hours = Number(value)
  if (!/^\d{1,4}$/.test(value) || hours < 1 || hours > sessionHoursMax)
    throw new ConfigError(
      `CAUSEWAY_OIDC_SESSION_HOURS must be a number of hours from 1 to ${sessionHoursMax} (was "${value}"). Example: CAUSEWAY_OIDC_SESSION_HOURS=12`,
    )
  return hours
}
