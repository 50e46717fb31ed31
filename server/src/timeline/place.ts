/**
 * Where something stands in a timeline: by time, to the microsecond; of equal times messages (rank 0) by number, then comments (1) by id, then
 * activities (2) by their position in the feed.
 */
export interface Place {
  /** Microseconds since 1970. */
  at: number
  rank: 0 | 1 | 2
  number: number
}

/** A timestamptz as whole microseconds, which a JavaScript number holds until the year 2255. */
export const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`

export const places = {
  /** The condition that a row of this rank stands before a place, given as three parameters; an index on the time carries it. */
  before(time: string, rank: Place["rank"], number: string, [at, otherRank, otherNumber]: [string, string, string]) {
    const moment = `(timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond')`
    return `${time} <= ${moment} and (${time} < ${moment} or ${rank} < ${otherRank}::int or ${rank} = ${otherRank}::int and ${number} < ${otherNumber}::bigint)`
  },
  values: ({ at, rank, number }: Place): number[] => [at, rank, number],
}

/** Later first. */
export const byPlace = (a: Place, b: Place): number => b.at - a.at || b.rank - a.rank || b.number - a.number

export const formatPlace = ({ at, rank, number }: Place): string => `${at}_${rank}_${number}`

export function parsePlace(text: string): Place | null {
  const match = /^(-?\d{1,16})_([012])_(\d{1,15})$/.exec(text)
  if (match === null) return null
  return { at: Number(match[1]), rank: Number(match[2]) as Place["rank"], number: Number(match[3]) }
}
