import { firstScreen } from "../first-screen.ts"
import type { Goal } from "./goal.ts"

const kib = 1024

export const goal: Goal = {
  id: "G1",
  goal: "first screen ≤ 160 KB JS, 25 KB CSS, 12 requests, no web font",
  async run() {
    const { jsBytes, cssBytes, requests, fonts } = firstScreen()
    return {
      figure: `${(jsBytes / kib).toFixed(1)} KB JS, ${(cssBytes / kib).toFixed(1)} KB CSS, ${requests} requests, ${fonts} fonts`,
      reached: jsBytes <= 160 * kib && cssBytes <= 25 * kib && requests <= 12 && fonts === 0,
    }
  },
}
