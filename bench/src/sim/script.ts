import { moods } from "./partner.ts"
import type { World, WorldOptions } from "./world.ts"

/** What happens to a world while it is not well, and how often. */
const events = {
  write: 620,
  goodbye: 8,
  undo: 25,
  hurry: 25,
  retry: 40,
  mood: 90,
  offline: 8,
  ok: 16,
  release: 8,
  tellAgain: 5,
  importSent: 12,
  kill: 16,
  freeze: 8,
  skew: 5,
  outage: 5,
  drain: 10,
  start: 20,
} as const

const processesMax = 4
/** Whoever asks while the database is away asks in vain: so many times less is asked then. */
const inVain = 10
const second = 1_000
const minute = 60 * second

/** Lets things happen at random until enough was put in; then all is made well. */
export function liveThrough(world: World, { deliveries, freezes = events.freeze }: WorldOptions): void {
  const weights = { ...events, freeze: freezes }
  const { dice, timeline } = world
  const servers = dice.between(1, 3)
  for (let i = 0; i < servers; i++) world.start()
  // Some worlds are busy, and some have hours between two messages.
  const pace = dice.pick([20, 200, 2 * second, 20 * second, 4 * minute])
  const happen = (): void => {
    if (world.put >= deliveries) {
      makeWell(world)
      return
    }
    const burst = dice.chance(0.2) ? dice.between(2, 12) : 1
    for (let i = 0; i < burst; i++) void happens[dice.weigh(weights)](world)
    const isAway = timeline.nowMs < world.downUntilMs
    world.nextEventMs = timeline.nowMs + Math.ceil(-Math.log(1 - dice.next()) * pace * (isAway ? inVain : 1))
    timeline.at(world.nextEventMs, null, happen)
  }
  happen()
}

type Event = keyof typeof events

/** What people ask for may fail: then they have asked in vain. */
const asked = async (world: World, work: Promise<unknown>): Promise<void> => {
  try {
    await work
    world.hint()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    world.history.note(world.timeline.nowMs, "people", `asked in vain: ${error.message}`, [])
  }
}

const happens: Record<Event, (world: World) => Promise<void> | void> = {
  write(world) {
    const { dice } = world
    const sends = dice.chance(0.65) ? dice.between(1, 5) : 0
    const heldMs = dice.chance(0.15) ? dice.between(1, 15) * second : undefined
    const what = { sends, notices: dice.chance(0.6) || sends === 0 ? dice.between(1, 5) : 0 }
    return asked(world, world.people.write(dice.pick(world.threads), heldMs === undefined ? what : { ...what, heldMs }))
  },
  goodbye: (world) => asked(world, world.people.sayGoodbye(world.dice.pick(world.threads))),
  undo: (world) => ofRecent(world, (message) => world.people.undo(message)),
  hurry: (world) => ofRecent(world, (message) => world.people.hurry(message)),
  retry: (world) => ofRecent(world, (message) => world.people.retry(message)),
  importSent: (world) => ofRecent(world, (message) => world.people.importSent(message)),
  mood(world) {
    world.partners.setMood(world.dice.pick(world.channels).channelId, world.dice.weigh(moods))
  },
  offline: (world) =>
    ofChannel(world, ({ companyId, channelId }) => world.people.setStatus(companyId, channelId, "offline")),
  ok: (world) => ofChannel(world, ({ companyId, channelId }) => world.people.setStatus(companyId, channelId, "ok")),
  release: (world) => ofChannel(world, ({ companyId, channelId }) => world.people.release(companyId, channelId)),
  tellAgain: (world) =>
    ofChannel(world, ({ companyId, channelId }) =>
      world.people.tellAgain(companyId, channelId, world.dice.chance(0.3) ? ["failed", "unknown"] : ["failed"]),
    ),
  kill(world) {
    const process = world.dice.pick(world.processes)
    if (process !== undefined) world.kill(process)
  },
  freeze(world) {
    const process = world.dice.pick(world.processes)
    if (process === undefined || process.stopping) return
    // One that is frozen already does not thaw sooner: its own moments would come in another order than they were asked for.
    process.frozenUntilMs = Math.max(process.frozenUntilMs, world.timeline.nowMs + world.dice.between(1, 40) * second)
    world.frozen++
    world.history.note(world.timeline.nowMs, process.name, "is frozen until", [], process.frozenUntilMs)
  },
  skew(world) {
    const process = world.dice.pick(world.processes)
    if (process === undefined) return
    process.skewMs = world.dice.pick([0, 50, -50, 2 * second, -2 * second, 5 * minute, -5 * minute, 60 * minute])
    process.skewedAtMs = world.timeline.nowMs
    world.history.note(world.timeline.nowMs, process.name, "has its clock set", [], process.skewMs)
  },
  outage(world) {
    world.downUntilMs = world.timeline.nowMs + world.dice.between(1, 30) * second
    world.history.note(world.timeline.nowMs, "database", "is away until", [], world.downUntilMs)
  },
  drain(world) {
    const process = world.dice.pick(world.processes)
    if (process === undefined || process.stopping) return
    process.stopping = true
    world.history.note(world.timeline.nowMs, process.name, "is asked to stop", [])
    const left = () => {
      process.alive = false
      world.processes = world.processes.filter((one) => one !== process)
    }
    process.engine.stop(world.dice.pick([0, 500, 8 * second])).then(left, left)
  },
  start(world) {
    if (world.processes.length < processesMax) world.start()
  },
}

/** One of the newest messages: that is where people look. */
function ofRecent(world: World, ask: (message: World["written"][number]) => Promise<void>): Promise<void> | void {
  const { written, dice } = world
  if (written.length === 0) return
  const at = Math.max(0, written.length - 1 - Math.floor(dice.next() ** 2 * 200))
  return asked(world, ask(written[at] as World["written"][number]))
}

const ofChannel = (world: World, ask: (channel: World["channels"][number]) => Promise<void>): Promise<void> =>
  asked(world, ask(world.dice.pick(world.channels)))

/** Everything is mended, and what waits for a person is let go: after that all must end. */
function makeWell(world: World): void {
  world.heal()
  for (const { companyId, channelId } of world.channels) {
    void asked(world, world.people.setStatus(companyId, channelId, "ok"))
    // Answers that were under way until now may have taken it offline once more.
    world.timeline.at(world.timeline.nowMs + minute, null, () => {
      void asked(world, world.people.setStatus(companyId, channelId, "ok"))
      void asked(world, world.people.release(companyId, channelId))
    })
  }
}
