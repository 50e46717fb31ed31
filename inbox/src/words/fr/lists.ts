import type { lists as English } from "../en/lists.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const lists: typeof English = {
  views: {
    more: "Plus",
    section: {
      channels: "Canaux",
      inboxes: "Boîtes de réception",
      tags: "Étiquettes",
      offline: "Hors ligne",
      paused: "En pause",
    },
    label: "Vues",
    names: {
      open: "Ouvertes",
      unassigned: "Non attribuées",
      mine: "Les miennes",
      failed: "En échec",
      drafts: "Brouillons",
      snoozed: "Mises en veille",
      archived: "Archivées",
      trash: "Corbeille",
    },
  },
  list: {
    search: "Recherche",
    label: "Liste des conversations",
    asOf: (time) => `état à ${time}`,
    fresh: (count) => plural(count, { one: "# nouvelle", other: "# nouvelles" }),
    failed: (count) => plural(count, { one: "Échec", other: "# échecs" }),
    draft: "Brouillon",
    waiting: "Attend une réponse",
    you: "Vous : ",
    unread: "Non lue",
    call: "appel",
    draftBy: (name) => `Brouillon de ${name}`,
    until: (time) => `En veille jusqu’à ${time}`,
    beyond: (count) =>
      plural(count, {
        one: "# conversation plus bas : cherchez, ou restreignez la liste",
        other: "# conversations plus bas : cherchez, ou restreignez la liste",
      }),
    nothing: ["Rien ne correspond", "Aucune conversation de cette liste ne répond à tout ce que vous avez choisi."],
    clear: "Tout afficher",
    closed: ["Cette liste vous est fermée", "Un administrateur peut vous ouvrir cette boîte de réception."],
    gone: ["Cette conversation n’est plus là", "Elle a été supprimée, ou déplacée dans une boîte qui vous est fermée."],
    followed: "Cette conversation a été fusionnée : elle continue ici.",
    narrowed: "Restreinte à",
    takeOff: "retirer",
    unnamed: "inconnu",
    by: { inbox: "Boîte", channel: "Canal", tag: "Étiquette", assignee: "Attribuée à" },
    sort: "Trier",
    sorts: {
      newest: "Les plus récentes d’abord",
      oldest: "Les plus anciennes d’abord",
      waiting: "La plus longue attente d’abord",
    },
    empty: {
      drafts: ["Aucun brouillon", "Les réponses commencées et non envoyées s’affichent ici."],
      snoozed: ["Rien en veille", "Les conversations que vous remettez à plus tard restent ici jusqu’à leur retour."],
      trash: ["La corbeille est vide", "Ce qui est mis à la corbeille reste ici jusqu’à sa suppression définitive."],
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
