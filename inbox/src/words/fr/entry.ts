import type { entry as English } from "../en/entry.ts"

export const entry: typeof English = {
  product: "Causeway",
  loading: "Chargement…",
  retry: "Réessayer",
  close: "Fermer",
  slow: "C’est plus long que d’habitude.",
  unreachable: {
    title: "Le serveur ne répond pas",
    text: "Rien de ce que vous avez écrit n’est perdu ; ce que vous voyez n’est peut-être plus à jour. Nous réessayons de nous-mêmes.",
    status: (status) => `Le serveur a répondu ${status}`,
  },
  refused: {
    unanswered: "Le serveur ne répond pas : on ne sait pas si c’est fait. Vérifiez, puis réessayez.",
    signedOut: "Vous êtes déconnecté. Rien n’a changé ; connectez-vous, puis recommencez.",
    unproved: "Vous n’avez pas confirmé que c’est vous. Rien n’a changé.",
    forbidden: "Votre rôle ne le permet pas. Rien n’a changé ; demandez à un admin.",
    missing: "Cela n’existe plus, ou ne vous est plus ouvert. Rien n’a changé ; rechargez la page.",
    tooLarge: "C’est plus grand que ce que le serveur accepte. Rien n’a changé ; réduisez-le.",
    tooMany: (seconds) => `Trop de demandes en peu de temps. Rien n’a changé ; réessayez dans ${seconds ?? 60} s.`,
    clash: (reason) => `Cela ne va plus avec ce qui existe. Rien n’a changé. Le serveur dit ${reason}`,
    incorrect: (reason) => `Rien n’a changé ; corrigez et réessayez. Le serveur dit ${reason}`,
  },
  failedLoad: {
    list: "Cette liste n’a pas pu être chargée.",
    conversation: "Cette conversation n’a pas pu être chargée.",
    missing: "Il n’y a pas de conversation à cette adresse.",
    missingHint: "Elle a peut-être été fusionnée ou supprimée, ou le lien est tronqué.",
    back: "Retour à la liste",
  },
}
