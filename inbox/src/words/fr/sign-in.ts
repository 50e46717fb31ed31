import type { signInWays as English } from "../en/sign-in.ts"

export const signInWays: typeof English = {
  ways: {
    or: "ou",
    usePasskey: "Se connecter avec une clé d’accès",
    provider: (name) => `Continuer avec ${name}`,
    left: "Aucune clé d’accès n’a été utilisée. Réessayez, ou utilisez votre mot de passe.",
    unreachable: "Le serveur est injoignable. Réessayez dans un instant.",
    refused: {
      cancelled: "Vous avez quitté la page du fournisseur. Personne n’a été connecté.",
      refused: "La réponse du fournisseur n’est pas valable. Veuillez réessayer.",
      unverified: "Le fournisseur n’a pas vérifié votre adresse ; elle n’ouvre donc rien ici.",
      unknown:
        "Personne ici n’a l’adresse que vous avez chez le fournisseur. Demandez d’abord une invitation à un administrateur.",
      blocked: "Vous êtes bloqué ici. Adressez-vous à un administrateur.",
      late: "Cela a duré trop longtemps, ou le retour a déjà servi. Veuillez réessayer.",
    },
  },
  passkeys: {
    title: "Clés d’accès",
    lead: "Connectez-vous avec votre empreinte, votre visage ou une clé de sécurité au lieu du mot de passe.",
    none: "Pas encore de clé d’accès.",
    name: "Nom de la clé d’accès",
    hint: "Où elle se trouve, par exemple « Portable du bureau »",
    add: "Ajouter une clé d’accès",
    adding: "Suivez votre appareil…",
    added: (name) => `Clé d’accès « ${name} » ajoutée`,
    remove: (name) => `Retirer ${name}`,
    removed: (name) => `Clé d’accès « ${name} » retirée`,
    used: (time) => `Dernière utilisation : ${time}`,
    never: "Pas encore utilisée",
    notAdded: "Aucune clé d’accès n’a été créée. Réessayez quand vous serez prêt.",
    known: "Cet appareil contient déjà une de vos clés d’accès.",
    noName:
      "Les clés d’accès demandent un nom dans la barre d’adresse et https. Ouvrez cette page par son nom, ou comme localhost.",
  },
}
