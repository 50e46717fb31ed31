import type { Database } from "../database/database.ts"
import type { LiveHub } from "../live/hub.ts"
import type { Log } from "../log.ts"
import { keepLooking, type Looking } from "../looking.ts"

/** Ids are given before the commit, so an entry may show after a later one: for this long it is still found. A company is begun that far back too. */
const overlapMs = 10_000

/** How far a company's log was read. */
interface Place {
  /** Everything up to this id was told. */
  floor: number
  /** Later entries that were told, and when (ms). */
  told: Map<number, number>
}

/**
 * Tells the browsers of a company which of its nouns have new entries in the audit log, whichever process changed them: a page of the administration that
 * shows one asks again. A hint beside the feed: who was away asks anyway.
 */
export function watchAudit({ db, live, log }: { db: Database; live: LiveHub; log: Log }): Looking {
  const places = new Map<number, Place>()

  async function look(): Promise<void> {
    const companyIds = live.companies()
    for (const known of [...places.keys()]) if (!companyIds.includes(known)) places.delete(known)
    const added = companyIds.filter((id) => !places.has(id))
    if (added.length > 0) for (const { company_id, id } of await ends(db, added)) places.set(company_id, placeAt(id))
    if (places.size === 0) return
    const nouns = new Map<number, Set<string>>()
    for (const { company_id, id, noun } of await entriesAbove(db, places)) {
      const { told } = places.get(company_id) as Place
      if (told.has(id)) continue
      told.set(id, Date.now())
      nouns.set(company_id, (nouns.get(company_id) ?? new Set()).add(noun))
    }
    for (const place of places.values()) settle(place, Date.now() - overlapMs)
    for (const [companyId, changed] of nouns) live.tell(companyId, "audited", { nouns: [...changed] })
  }

  return keepLooking(look, (error) => log.warn({ err: error }, "audit.cannot_look"))
}

const placeAt = (floor: number): Place => ({ floor, told: new Map() })

function settle(place: Place, before: number): void {
  for (const [id, at] of place.told) {
    if (at > before) continue
    place.floor = Math.max(place.floor, id)
    place.told.delete(id)
  }
}

/** Each company's newest entry that is no news any more; walks the primary key backwards. */
const ends = (db: Database, companyIds: readonly number[]) =>
  db.query<{ company_id: number; id: number }>({
    name: "audit.ends",
    text: `select company_id, coalesce((select id from audit where audit.company_id = watched.company_id
               and at < now() - make_interval(secs => $2) order by id desc limit 1), 0) as id
           from unnest($1::bigint[]) as watched(company_id)`,
    values: [companyIds, overlapMs / 1000],
  })

/** By the primary key. */
const entriesAbove = (db: Database, places: ReadonlyMap<number, Place>) =>
  db.query<{ company_id: number; id: number; noun: string }>({
    name: "audit.above",
    text: `select audit.company_id, audit.id, audit.noun from unnest($1::bigint[], $2::bigint[]) as watched(company_id, floor)
           join audit on audit.company_id = watched.company_id and audit.id > watched.floor`,
    values: [[...places.keys()], [...places.values()].map(({ floor }) => floor)],
  })
