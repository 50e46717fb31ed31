import { Readable } from "node:stream"
import { openApps } from "./apps/store.ts"
import { type FileStore, openFileStore } from "./attachments/files.ts"
import { scanned } from "./attachments/scanned.ts"
import { clamd } from "./attachments/scanner.ts"
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
    files: await openFiles(config, log),
    mailer: createMailer(config.mail, log),
    provider: config.provider === null ? null : createProvider(db, config.provider),
  }
}

async function openFiles({ dataDir, clamd: place }: Config, log: Log): Promise<FileStore> {
  const files = await openFileStore(dataDir, (name) => log.error({ file: name }, "files.damaged"))
  if (place === null) return files
  const scanner = clamd(place)
  // Said at the start already: whoever mistyped it should not hear of it from the first file.
  scanner.scan(Readable.from([])).catch((error: unknown) => log.error({ err: error }, "scanner.lost"))
  return scanned(files, scanner, log)
}

export type Stores = Awaited<ReturnType<typeof openStores>>
