/** When somebody answers: from and to, `HH:MM`, for Monday to Sunday; null on days without. */
export interface Hours {
  /** IANA name. */
  timeZone: string
  days: readonly (readonly [from: string, to: string] | null)[]
}

const stepMs = 15 * 60_000
const weekMs = 8 * 86_400_000

/** The same, worked out once a quarter of an hour. */
export function openings(hours: Hours | null, now: () => number): () => Opening {
  let known = { quarter: -1, opening: opening(null, 0) }
  return () => {
    const quarter = Math.floor(now() / stepMs)
    if (quarter !== known.quarter) known = { quarter, opening: opening(hours, now()) }
    return known.opening
  }
}

export interface Opening {
  is_open: boolean
  /** ms since 1970. */
  opens_at: number | null
}

/** Whether somebody is there, and from when again; null where nobody ever is. Whole quarters of an hour. */
export function opening(hours: Hours | null, now: number): Opening {
  if (hours === null || isOpen(hours, now)) return { is_open: true, opens_at: null }
  // Walked rather than computed: a zone's clock may be put forward in between.
  for (let at = Math.ceil(now / stepMs) * stepMs; at < now + weekMs; at += stepMs) {
    if (isOpen(hours, at)) return { is_open: false, opens_at: at }
  }
  return { is_open: false, opens_at: null }
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const options = { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit" } as const
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", options)
  clocks.set(timeZone, clock)
  return clock
}

function isOpen({ timeZone, days }: Hours, at: number): boolean {
  const parts = clockOf(timeZone).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ""
  const day = days[["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part("weekday"))]
  const time = `${part("hour")}:${part("minute")}`
  return day != null && day[0] <= time && time < day[1]
}
