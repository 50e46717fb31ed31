import type { lists as English } from "../en/lists.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const lists: typeof English = {
  views: {
    label: "Vues",
    names: {
      open: "Ouvertes",
      mine: "Les miennes",
      unassigned: "Non attribuées",
      failed: "En échec",
      archived: "Archivées",
    },
  },
  list: {
    label: "Liste des conversations",
    asOf: (time) => `état à ${time}`,
    more: "Charger des conversations plus anciennes",
    loadingMore: "Chargement des plus anciennes…",
    fresh: (count) => plural(count, { one: "# nouvelle", other: "# nouvelles" }),
    failed: (count) => plural(count, { one: "Échec", other: "# échecs" }),
    draft: "Brouillon",
    waiting: "Attend une réponse",
    you: "Vous : ",
    empty: {
      open: ["Rien d’ouvert", "Les nouveaux messages de vos canaux s’affichent ici d’eux-mêmes."],
      mine: [
        "Rien ne vous est attribué",
        "Ouvrez une conversation et choisissez « Me l’attribuer » : elle apparaît ici.",
      ],
      unassigned: ["Rien n’attend", "Les conversations ouvertes que personne n’a prises s’affichent ici."],
      failed: ["Tout a été remis", "Les réponses qui ne sont pas arrivées s’affichent ici, avec la raison."],
      archived: ["Rien d’archivé", "Les conversations terminées viennent ici. Un nouveau message les fait revenir."],
    },
  },
  first: {
    title: "Pas encore de message",
    text: "Connectez un canal, ou envoyez un message d’essai par un canal connecté : il s’affiche ici aussitôt.",
    tokenTitle: "Votre jeton d’API",
    tokenText: "Il connecte des canaux et n’est montré que maintenant. Gardez-le avec vos mots de passe.",
    copy: "Copier le jeton",
    copied: "Copié",
  },
}
