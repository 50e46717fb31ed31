import type { search as English } from "../en/search.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const search: typeof English = {
  search: {
    placeholder: "Mots, noms, ou channel: is: from: tag: …",
    narrow: "Restreindre la recherche",
    unknown: "introuvable",
    looking: "Recherche en cours…",
    note: "Note :",
    begin: [
      "Chercher partout",
      "Messages, notes, contacts et ce qui a été dit pendant les appels. Le dernier mot peut être un début de mot.",
    ],
    none: ["Rien n’a été trouvé", "Essayez moins de mots, ou d’autres."],
    partial:
      "Une partie manque, car tout parcourir aurait pris trop de temps. Ajoutez des mots plus rares, ou restreignez la recherche.",
    local: "Le serveur est injoignable : voici seulement ce que cet appareil contient.",
    without: (filter) => `Sans ${filter}`,
    count: (count) => plural(count, { one: "# résultat", other: "# résultats" }),
    groups: {
      messages: "Messages et notes",
      conversations: "Discussions trouvées",
      contacts: "Fiches de contact",
      calls: "Appels",
    },
    hints: {
      channel: "D’un canal : channel:sms",
      is: "Son état : is:open, unassigned, assigned, archived, snoozed, trashed, failed, unread, waiting",
      from: "Qui l’a écrit : from:+4366012345",
      assignee: "À qui elle est attribuée : assignee:me",
      tag: "Avec une étiquette : tag:urgent",
      inbox: "Dans une boîte : inbox:support",
      before: "Avant un jour : before:2026-01-31",
      after: "À partir d’un jour : after:2026-01-31",
    },
  },
}
