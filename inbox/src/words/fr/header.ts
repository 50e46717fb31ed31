import type { header as English } from "../en/header.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const header: typeof English = {
  header: {
    discussion: "Discussion entre collègues",
    label: "Actions de la conversation",
    status: {
      open: "Ouverte",
      deleted: "Dans la corbeille",
      spam: "Indésirable",
      snoozed: (until) => `En veille jusqu’à ${until}`,
    },
    assign: {
      label: "Attribuer",
      to: (name) => `Attribuée à ${name}`,
      nobody: "Personne",
      me: (name) => `${name} (vous)`,
      search: "Chercher un collègue ou une équipe",
      none: "Aucun collègue de ce nom.",
      away: "absent",
      done: (name, assignee) => `« ${name} » attribuée à ${assignee}`,
    },
    tags: {
      label: "Étiquettes",
      search: "Chercher ou ajouter une étiquette",
      none: "Aucune étiquette de ce nom.",
      create: (name) => `Créer « ${name} »`,
      remove: (tag) => `Retirer l’étiquette ${tag}`,
      added: (tag, name) => `Étiquette ${tag} ajoutée à « ${name} »`,
      removed: (tag, name) => `Étiquette ${tag} retirée de « ${name} »`,
    },
    snooze: {
      label: "Mettre en veille",
      title: "Y revenir plus tard",
      inAnHour: "Dans une heure",
      laterToday: "Plus tard aujourd’hui",
      tomorrow: "Demain",
      nextWeek: "La semaine prochaine",
      choose: "Choisir un moment",
      confirm: "Valider",
      end: "Terminer la veille maintenant",
      past: "Choisissez un moment à venir.",
      done: (name, until) => `« ${name} » en veille jusqu’à ${until}`,
      ended: (name) => `Veille de « ${name} » terminée`,
    },
    follow: {
      label: "Abonnés",
      search: "Chercher un collègue",
      none: "Aucun collègue de ce nom.",
      count: (count) => (count === 0 ? "Personne ne suit" : plural(count, { one: "# abonné", other: "# abonnés" })),
      hint: "Les abonnés sont prévenus de tout ce qui arrive ici. Qui est mentionné dans une note s’abonne.",
      added: (who, name) => `${who} suit « ${name} »`,
      removed: (who, name) => `${who} ne suit plus « ${name} »`,
    },
    trash: {
      label: "Mettre à la corbeille",
      title: (name) => `Mettre la conversation avec ${name} à la corbeille ?`,
      text: "Elle quitte toutes les listes. Elle revient quand le client écrit de nouveau, ou quand vous la restaurez.",
      confirm: "Mettre à la corbeille",
      cancel: "La garder",
      restore: "Restaurer",
      done: (name) => `« ${name} » mise à la corbeille`,
      restored: (name) => `« ${name} » restaurée`,
    },
    failedParts: "Les étiquettes et les abonnés n’ont pas pu être chargés.",
  },
  presence: {
    label: "Collègues présents",
    viewing: "regarde",
    away: "absent",
    replying: "répond",
    one: (name, state) => `${name} : ${state}`,
    started: (name) => `${name} a commencé à répondre`,
  },
}
