import type { Log } from "../log.ts"

export interface MailConfig {
  /** smtp://user:password@host:587 or smtps://…:465; see `transportOf` */
  url: string
  /** Acme <inbox@acme.example> */
  from: string
}

/** "off": no mail server is set. "failed": it did not take the mail; the log says why. */
export type Mailed = "sent" | "failed" | "off"

/** Sends what people need while they cannot sign in. Whoever calls goes on whatever it answers: there is always a link to be copied too. */
export interface Mailer {
  send(mail: { to: string; subject: string; text: string }): Promise<Mailed>
}

/** The mail server has so long for each step, ms: somebody waits for the answer. */
const stepMs = 8_000

export function createMailer(config: MailConfig | null, log: Log): Mailer {
  if (config === null) return { send: async () => "off" }
  return {
    async send({ to, subject, text }) {
      try {
        const { createTransport } = await import("nodemailer")
        const transport = createTransport(transportOf(config.url))
        // Nothing is read from files or fetched for a mail.
        await transport.sendMail({
          from: config.from,
          to,
          subject,
          text,
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return "sent"
      } catch (error) {
        log.error({ err: error }, "mail.failed")
        return "failed"
      }
    },
  }
}

/**
 * smtps:// speaks TLS from the start. smtp:// goes over to it before anything else is said, and nothing is sent where the mail server cannot; but for one on
 * this machine, or with `?tls=optional`. Certificates are checked either way.
 */
export function transportOf(address: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(address)
  const isSecure = protocol === "smtps:"
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
  return {
    host: hostname,
    port: port === "" ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    requireTLS: (searchParams.get("tls") ?? (isHere ? "optional" : "required")) === "required",
    ...(username !== "" && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
  }
}
