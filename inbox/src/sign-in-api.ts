import type { Passkey } from "@causeway/contract/endpoints/sign-in"
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser"
import { type ApiError, at, request } from "./api.ts"

/** One's own password, and ways to sign in besides it. The library that speaks to authenticators is loaded when one is asked. */
export const signInApi = {
  /** Ends every other session of this person. */
  changePassword: (currentPassword: string, newPassword: string) =>
    request<unknown>("/causeway/auth/change-password", { method: "POST", body: { currentPassword, newPassword } }),
  passkeys: () => request<{ passkeys: Passkey[] }>("/causeway/auth/passkeys"),
  removePasskey: (id: string) => request<void>(at`/causeway/auth/passkeys/${id}`, { method: "DELETE" }),
  /** Asks this device's authenticator, or another one that the person brings. Throws `NotMade` when they leave it. */
  addPasskey: async (name: string) => {
    const { options } = await request<{ options: PublicKeyCredentialCreationOptionsJSON }>(
      "/causeway/auth/passkeys/options",
      { method: "POST" },
    )
    const { startRegistration } = await import("@simplewebauthn/browser")
    const response = await startRegistration({ optionsJSON: options }).catch(notMade)
    return request<{ id: string }>("/causeway/auth/passkeys", { method: "POST", body: { name, response } })
  },
  withPasskey: () => answerTo("/causeway/auth/sign-in/passkey"),
  /** That it is still the same person. */
  proveWithPasskey: () => answerTo("/causeway/auth/prove/passkey"),
  /** Begins a visit to the identity provider: the address of its page. */
  visitProvider: () => request<{ url: string }>("/causeway/auth/provider", { method: "POST" }),
}

/** Asks for a passkey and tells `path` what it says. Throws `NotMade` when the person leaves it. */
async function answerTo(path: string): Promise<unknown> {
  const { options } = await request<{ options: PublicKeyCredentialRequestOptionsJSON }>(
    "/causeway/auth/sign-in/passkey/options",
    { method: "POST" },
  )
  const { startAuthentication } = await import("@simplewebauthn/browser")
  const response = await startAuthentication({ optionsJSON: options }).catch(notMade)
  return request(path, { method: "POST", body: { response } })
}

/** Whether the server refuses a new password, which is then too easy to guess: how long it is was looked at before. */
export const isAboutPassword = ({ details }: ApiError): boolean =>
  details.some((detail) => /^body\.(password|newPassword) /.test(detail))

/** The authenticator gave nothing: the person left it, it took too long, or it holds this passkey already. */
export class NotMade extends Error {
  readonly isKnown: boolean

  constructor(cause: unknown) {
    super("The authenticator gave nothing", { cause })
    this.isKnown = (cause as { code?: string }).code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED"
  }
}

function notMade(cause: unknown): never {
  throw new NotMade(cause)
}

/** Browsers offer passkeys under https, and under http for the name localhost alone. */
export const canPasskeys = (): boolean => "PublicKeyCredential" in window && !/^[\d.]+$|^\[/.test(location.hostname)
