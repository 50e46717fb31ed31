/** What is mailed, as plain text. The link works for whoever has it, so nothing else is said of the company's affairs. */

interface Letter {
  subject: string
  text: string
}

const until = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`

export const invitationLetter = (company: string, url: string, expiresAt: Date): Letter => ({
  subject: oneLine(`Join ${company} on Causeway`),
  text: `You are invited to answer messages together with ${company}.

Open this link to choose a password and begin. It works once, until ${until(expiresAt)}:

${url}

If you did not expect this, leave it: nothing happens without the link.
`,
})

export const resetLetter = (company: string, url: string, expiresAt: Date): Letter => ({
  subject: oneLine(`Choose a new password for ${company}`),
  text: `An admin of ${company} lets you choose a new password.

Open this link. It works once, until ${until(expiresAt)}:

${url}

If you did not ask for it, tell your admin; your password stays as it is until the link is used.
`,
})

/** A company's name may hold anything but a new line in a mail's head. */
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, " ").slice(0, 200)
