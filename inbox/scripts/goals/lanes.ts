/** How many browsers are driven beside each other: most of a round is waiting for one of them. */
export const lanes = 5

/** Does rounds 1 to `count`, those of a lane one after the other and the lanes beside each other, and says now and then how far it is. */
export async function inLanes(
  name: string,
  count: number,
  round: (lane: number, at: number) => Promise<void>,
): Promise<void> {
  let begun = 0
  let done = 0
  await Promise.all(
    Array.from({ length: Math.min(lanes, count) }, async (_, lane) => {
      while (begun < count) {
        begun += 1
        await round(lane, begun)
        done += 1
        sayProgress(name, done, count)
      }
    }),
  )
}

/** On stderr, ten times in all. */
export function sayProgress(name: string, done: number, count: number): void {
  if (done === count || done % Math.ceil(count / 10) === 0) process.stderr.write(`${name}: ${done} of ${count}\n`)
}
