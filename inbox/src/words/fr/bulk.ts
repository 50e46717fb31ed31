import type { bulk as English } from "../en/bulk.ts"
import { countingIn } from "../plural.ts"

const { count: plural, number } = countingIn("fr")

export const bulk: typeof English = {
  bulk: {
    label: "Que faire de la sélection",
    clear: "Ne rien sélectionner",
    chosen: (count) => plural(count, { one: "# sélectionnée", other: "# sélectionnées" }),
    all: (count) => plural(count, { one: "Sélectionner la seule (#)", other: "Sélectionner les #" }),
    working: (done, of) => `Modification : ${number(done)} sur ${number(of)}`,
    changed: (count) => plural(count, { one: "# conversation modifiée.", other: "# conversations modifiées." }),
    refused: {
      not_found: (count) => plural(count, { one: "# n’existe plus.", other: "# n’existent plus." }),
      merged: (count) =>
        plural(count, { one: "# a été fusionnée avec une autre.", other: "# ont été fusionnées avec d’autres." }),
      closed_to_assignee: (count) =>
        plural(count, {
          one: "# est dans une boîte fermée à la personne choisie.",
          other: "# sont dans des boîtes fermées à la personne choisie.",
        }),
    },
    trash: (count) =>
      plural(count, {
        one: "Mettre # conversation à la corbeille ?",
        other: "Mettre # conversations à la corbeille ?",
      }),
  },
}
