import type { AppView } from "@causeway/contract/endpoints/apps"
import { adminWords } from "../../admin-words.ts"
import { Field } from "../../parts/Field.tsx"

const said = adminWords.connect

type CredentialName = "api_key" | "username" | "password" | "access_token" | "client_id" | "client_secret"

/** What a person types for an app, by the kind of its server's authentication. Source: docs/connecting.md. */
function fieldsOf({ server_auth: auth }: AppView): readonly CredentialName[] {
  switch (auth.type) {
    case "api_key":
      return ["api_key"]
    case "basic":
      return ["username", "password"]
    case "bearer":
      return ["access_token"]
    case "oauth2":
      if (auth.grant === "password") return ["username", "password"]
      return auth.grant === "client_credentials" ? ["client_id", "client_secret"] : []
    default:
      return []
  }
}

/** Whether somebody has to go to the partner's own page. */
export const needsPerson = ({ server_auth: auth }: AppView): boolean =>
  auth.type === "oauth2" && auth.grant === "authorization_code"

const isSecret = (name: CredentialName): boolean => name !== "username" && name !== "client_id"

/** The fields for it. They are sent once, sealed, and never shown again. */
export const Credentials = ({ app }: { app: AppView }) =>
  fieldsOf(app).map((name) => (
    <Field
      key={name}
      name={name}
      label={name === "api_key" || name === "access_token" ? said[name](app.name) : said[name]}
      type={isSecret(name) ? "password" : "text"}
      autoComplete="off"
      maxLength={2000}
    />
  ))

/** What was typed; null where nothing is asked for, or the app has its own. */
export function credentialsIn(app: AppView, data: FormData): Record<string, string> | null {
  const given = fieldsOf(app).map((name) => [name, String(data.get(name) ?? "")] as const)
  return given.every(([, value]) => value === "") ? null : Object.fromEntries(given)
}
