import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto"
import { promisify } from "node:util"
import { invalid } from "../http/errors.ts"

export const passwordCharsMin = 12
export const passwordCharsMax = 200

/** What one hash costs: 128 · n · r bytes of memory, and time in proportion to n · r · p. */
export interface HashCost {
  n: number
  r: number
  p: number
}

/** 32 MiB. Source: OWASP, Password Storage Cheat Sheet, scrypt. */
const usualCost: HashCost = { n: 2 ** 15, r: 8, p: 3 }
const keyBytes = 32

const stretch = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** `scrypt$n$r$p$salt$key`: salt and key in base64url. The password is taken as it was typed. */
export async function hashPassword(password: string, { n, r, p } = usualCost): Promise<string> {
  const salt = randomBytes(16)
  const key = await stretch(password, salt, keyBytes, { N: n, r, p, maxmem: memoryFor(n, r) })
  return ["scrypt", n, r, p, salt.toString("base64url"), key.toString("base64url")].join("$")
}

/** Whatever cost `hash` was made with; also for hashes in Better Auth's own form, which older installations have. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [kind, n, r, p, salt, key] = hash.split("$")
  if (kind !== "scrypt" || salt === undefined || key === undefined) {
    const { verifyPassword: verifyOlder } = await import("better-auth/crypto")
    return verifyOlder({ hash, password })
  }
  const cost = { N: Number(n), r: Number(r), p: Number(p), maxmem: memoryFor(Number(n), Number(r)) }
  const expected = Buffer.from(key, "base64url")
  return timingSafeEqual(await stretch(password, Buffer.from(salt, "base64url"), expected.length, cost), expected)
}

/** Twice what the algorithm itself holds. */
const memoryFor = (n: number, r: number): number => 256 * n * r

/** Whom a password is for: what anybody would try first. */
export interface Owner {
  email: string
  name?: string
  company?: string
}

/** A password that is found within so many guesses is none; three common words or nine random letters and digits are beyond it. */
const guessesMin = 1e9
/** Longer ones are judged by their beginning: the estimate grows with the square of the length. */
const judgedCharsMax = 72

/**
 * Refuses (400, naming `field`) what is too easy to guess: a common password of any length, with digits or signs at its end or letters replaced by them,
 * runs on the keyboard, repetitions, and the names of the person, the company and the product. There are no rules of composition.
 */
export async function refuseGuessable(field: string, password: string, owner: Owner): Promise<void> {
  const check = await estimator()
  if (check(password.slice(0, judgedCharsMax), wordsOf(owner)) < guessesMin)
    throw invalid(field, "is too easy to guess: several words that nobody would put together are better")
}

let loading: Promise<(password: string, words: string[]) => number> | undefined

/** Its lists take 11 MB, so they are read when somebody first chooses a password. */
function estimator() {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(
    ([{ ZxcvbnFactory }, { dictionary, adjacencyGraphs: graphs }]) => {
      const factory = new ZxcvbnFactory({ dictionary, graphs })
      return (password, words) => factory.check(password, words).guesses
    },
  )
  return loading
}

const wordsOf = ({ email, name = "", company = "" }: Owner): string[] => {
  const texts = ["causeway", email, name, company].map((text) => text.toLowerCase())
  const parts = texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))
  return [...new Set([...texts, ...texts.map((text) => text.replaceAll(" ", "")), ...parts])].filter(
    (word) => word.length > 2,
  )
}
