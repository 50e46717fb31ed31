import { afterAll, expect, test } from "vitest"
import type { Figure, Goal } from "./goal.ts"

/** Measures every goal of this folder, or those that CAUSEWAY_GOALS names ("G1,G12"), one after the other, and prints them as a table. */
const files = import.meta.glob<{ goal: Goal }>("./g[0-9]*.ts", { eager: true })
const isFull = process.env.CAUSEWAY_FULL !== undefined
const asked = (process.env.CAUSEWAY_GOALS ?? "").split(",").filter(Boolean)
const goals = Object.values(files)
  .map(({ goal }) => goal)
  .filter(({ id }) => asked.length === 0 || asked.includes(id))
  .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))

const measured = new Map<Goal, Figure>()

for (const goal of goals) {
  test(`${goal.id} ${goal.goal}`, async () => {
    const figure = await goal.run(isFull)
    measured.set(goal, figure)
    expect(figure.reached, figure.figure).toBe(true)
  })
}

afterAll(() => {
  const lines = goals.map((goal) => {
    const figure = measured.get(goal)
    return [goal.id, goal.goal, figure?.figure ?? "not measured", figure?.reached ? "yes" : "no"]
  })
  const all = [["id", "goal", "figure", "reached"], ...lines]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  const table = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  )
  process.stdout.write(`\n${table.join("\n")}\n\n`)
})
