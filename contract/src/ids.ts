/**
 * Ids outside are a prefix and a lower-case base-36 number (`cnv_lfls`), inside they are the number.
 * Source: the vendor's documentation of resource ids; prefixes as in its OpenAPI examples.
 */
export type IdPrefix =
  | "app"
  | "att"
  | "adt"
  | "aud"
  | "cal"
  | "cha"
  | "cir"
  | "cmp"
  | "cnv"
  | "com"
  | "crd"
  | "dlv"
  | "era"
  | "evt"
  | "fil"
  | "fld"
  | "grp"
  | "inb"
  | "inv"
  | "lns"
  | "lsn"
  | "lst"
  | "msg"
  | "oac"
  | "oag"
  | "req"
  | "rly"
  | "rsf"
  | "rsp"
  | "rul"
  | "ses"
  | "shf"
  | "sig"
  | "sts"
  | "tag"
  | "tea"
  | "tim"
  | "tok"
  | "top"
  | "tpl"
  | "vcr"
  | "whk"

export const formatId = (prefix: IdPrefix, id: number): string => `${prefix}_${id.toString(36)}`

/** The number in `text`, or null when it is no id of that kind. Only the one spelling that `formatId` makes is taken. */
export function parseId(prefix: IdPrefix, text: string): number | null {
  if (!text.startsWith(`${prefix}_`)) return null
  const digits = text.slice(prefix.length + 1)
  if (!/^[1-9a-z][0-9a-z]{0,10}$/.test(digits)) return null
  const id = Number.parseInt(digits, 36)
  return Number.isSafeInteger(id) ? id : null
}
