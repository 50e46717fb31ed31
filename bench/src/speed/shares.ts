/** The shares at which a curve of percentiles is drawn. */
export const sharesShown = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9995, 0.9999]

/** The values below which these shares of the times lie; shares that fewer than two times lie beyond are left out. */
export function shareOf(shares: readonly number[], times: readonly number[]): [share: number, ms: number][] {
  const sorted = times.toSorted((a, b) => a - b)
  return shares
    .filter((share) => sorted.length * (1 - share) >= 2)
    .map((share) => [share, sorted[Math.floor(sorted.length * share)] as number])
}
