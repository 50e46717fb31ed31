import { createHash, randomInt, timingSafeEqual } from "node:crypto"
import type { Database, Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"

/** Without letters that look like digits or like each other. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
const codeChars = 6 // 30 bits; at the rate that tries are taken, guessing takes centuries

/**
 * What stands between a fresh installation and whoever finds it first: a code in the terminal. Every start with nobody set up makes a new one; only its
 * hash is kept. Null when there is a company already.
 */
export async function prepareSetup(db: Database): Promise<{ code: string | null }> {
  return db.tx(async (tx) => {
    if (await hasCompany(tx)) {
      await tx.query({ text: "delete from installation where key = 'setup_code'" })
      return { code: null }
    }
    const code = Array.from({ length: codeChars }, () => alphabet[randomInt(alphabet.length)]).join("")
    await tx.query({
      text: "insert into installation (key, value) values ('setup_code', $1) on conflict (key) do update set value = excluded.value",
      values: [hashOf(code)],
    })
    return { code: `${code.slice(0, 3)}-${code.slice(3)}` }
  })
}

export async function hasCompany(tx: Tx): Promise<boolean> {
  return (await tx.query({ text: "select 1 from company limit 1" })).length > 0
}

/** Uses the code up, in the transaction that makes the company: two people cannot both be first. 409 once somebody was, 400 for another code. */
export async function takeSetupCode(tx: Tx, code: string): Promise<void> {
  const rows = await tx.query<{ value: string }>({
    text: "select value from installation where key = 'setup_code' for update",
  })
  if (rows[0] === undefined || (await hasCompany(tx)))
    throw new HttpError(409, "This Causeway is set up already: sign in instead")
  const given = Buffer.from(hashOf(normalise(code)), "hex")
  if (!timingSafeEqual(given, Buffer.from(rows[0].value, "hex"))) {
    throw invalid(
      "body.code",
      "is not the code shown in the terminal; the last start of the server shows the one that holds",
    )
  }
  await tx.query({ text: "delete from installation where key = 'setup_code'" })
}

/** As people type it: lower case, without the hyphen, with a space. */
const normalise = (code: string): string => code.toUpperCase().replace(/[\s-]/g, "")

const hashOf = (code: string): string => createHash("sha256").update(`setup ${code}`).digest("hex")
