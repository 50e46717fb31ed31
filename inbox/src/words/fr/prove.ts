import type { prove as english } from "../en/prove.ts"

export const prove: typeof english = {
  prove: {
    title: "Est-ce toujours vous ?",
    text: "Ceci pourrait ouvrir la porte à d’autres : votre mot de passe est donc demandé à nouveau. Il ne le sera plus pendant dix minutes.",
    password: "Mot de passe",
    missing: "Le mot de passe manque",
    wrong: "Ce n’est pas votre mot de passe.",
    limited: (seconds) =>
      seconds === null
        ? "Trop d’essais. Attendez une minute, puis réessayez."
        : `Trop d’essais. Réessayez dans ${seconds} secondes.`,
    unreachable: "Le serveur est injoignable. Réessayez dans un instant.",
    leave: "Annuler",
    confirm: "Continuer",
    confirming: "Un instant…",
    usePasskey: "Utiliser une clé d’accès",
    noPasskey: "Aucune de vos clés d’accès n’a été utilisée. Réessayez, ou saisissez votre mot de passe.",
  },
}
