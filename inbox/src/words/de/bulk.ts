import type { bulk as English } from "../en/bulk.ts"
import { countingIn } from "../plural.ts"

const { count: plural, number } = countingIn("de")

export const bulk: typeof English = {
  bulk: {
    label: "Was mit den ausgewählten geschehen soll",
    clear: "Auswahl aufheben",
    chosen: (count) => plural(count, { one: "# ausgewählt", other: "# ausgewählt" }),
    all: (count) => plural(count, { one: "Alle # auswählen", other: "Alle # auswählen" }),
    working: (done, of) => `Wird geändert: ${number(done)} von ${number(of)}`,
    changed: (count) => plural(count, { one: "# Unterhaltung geändert.", other: "# Unterhaltungen geändert." }),
    refused: {
      not_found: (count) => plural(count, { one: "# gibt es nicht mehr.", other: "# gibt es nicht mehr." }),
      merged: (count) =>
        plural(count, {
          one: "# wurde mit einer anderen zusammengeführt.",
          other: "# wurden mit anderen zusammengeführt.",
        }),
      closed_to_assignee: (count) =>
        plural(count, {
          one: "# liegt in einem Posteingang, der für die zugewiesene Person geschlossen ist.",
          other: "# liegen in Posteingängen, die für die zugewiesene Person geschlossen sind.",
        }),
    },
    trash: (count) =>
      plural(count, {
        one: "# Unterhaltung in den Papierkorb legen?",
        other: "# Unterhaltungen in den Papierkorb legen?",
      }),
  },
}
