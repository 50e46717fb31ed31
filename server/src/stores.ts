import { openApps } from "./apps/store.ts"
import { openFileStore } from "./attachments/files.ts"
import { openChannels } from "./channels/store.ts"
import { openRatePolicies } from "./company/rate-policies.ts"
import { openInstallationToken, openTokens } from "./company/tokens.ts"
import type { Config } from "./config.ts"
import type { Database } from "./database/database.ts"
import { generousPolicy, strictPolicy } from "./http/rate-limits.ts"
import { createIds } from "./ids.ts"
import type { Log } from "./log.ts"
import { createMailer } from "./mail/mailer.ts"
import { openAccessTokens } from "./oauth/secrets.ts"
import { checkSeal, openSeal } from "./secrets/seal.ts"
import { createProvider } from "./sign-in/provider.ts"
import { createIdentity } from "./teammates/identity.ts"
import type { HashCost } from "./teammates/passwords.ts"

/** What remembers: each store owns its tables and whatever it keeps in memory of them. */
export async function openStores(config: Config, db: Database, log: Log, hashCost?: HashCost) {
  const seal = await openSeal(config)
  await checkSeal(db, seal)
  return {
    db,
    log,
    seal,
    ids: createIds(db),
    apps: openApps(db, seal),
    channels: openChannels(db, seal),
    tokens: openTokens(db, await openInstallationToken(config)),
    accessTokens: openAccessTokens(db),
    ratePolicies: await openRatePolicies({
      db,
      log,
      defaults: config.strictLimits ? strictPolicy : generousPolicy,
      isStrict: config.strictLimits,
    }),
    identity: createIdentity({ db, seal, log, hashCost }),
    files: await openFileStore(config.dataDir, (name) => log.error({ file: name }, "files.damaged")),
    mailer: createMailer(config.mail, log),
    provider: config.provider === null ? null : createProvider(db, config.provider),
  }
}

export type Stores = Awaited<ReturnType<typeof openStores>>
