import type { signInWays as English } from "../en/sign-in.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const signInWays: typeof English = {
  form: {
    show: "Afficher",
    hide: "Masquer",
    showPassword: "Afficher le mot de passe",
    hidePassword: "Masquer le mot de passe",
    summary: (count) => plural(count, { one: "Un point est à revoir", other: "# points sont à revoir" }),
    required: (label) => `${label} : à remplir`,
    passwordShort: (count) =>
      plural(count, {
        one: "Le mot de passe compte # caractère, il en faut au moins 12",
        other: "Le mot de passe compte # caractères, il en faut au moins 12",
      }),
    passwordEasy: "Mot de passe trop facile à deviner : plusieurs mots que personne ne réunirait valent mieux",
    emailWrong: "L’adresse e-mail doit contenir un @, comme ana@example.com",
    codeWrong: "Ce n’est pas le code du terminal. Celui du dernier démarrage du serveur est le bon.",
  },
  setup: {
    title: "Configurer Causeway",
    lead: "Personne n’a encore de compte ici. Vous en devenez le premier administrateur.",
    code: "Code de configuration",
    codeHint: "Le terminal où tourne Causeway l’affiche, par exemple K7Q-4XD.",
    name: "Votre nom",
    email: "Adresse e-mail",
    password: "Mot de passe",
    passwordHint: "Au moins 12 caractères. Vous pouvez coller depuis un gestionnaire de mots de passe.",
    company: "Entreprise",
    companyHint: "Vos collègues voient ce nom.",
    submit: "Créer et ouvrir la boîte",
    submitting: "Création…",
    version: (version) => `Causeway ${version}`,
  },
  signIn: {
    title: "Connexion",
    email: "Adresse e-mail",
    password: "Mot de passe",
    submit: "Se connecter",
    submitting: "Connexion en cours…",
    wrong: "Cette adresse et ce mot de passe ne correspondent à aucun compte ici.",
    limited: (seconds) =>
      seconds === null
        ? "Trop d’essais. Attendez une minute, puis réessayez."
        : plural(seconds, {
            one: "Trop d’essais. Réessayez dans # seconde.",
            other: "Trop d’essais. Réessayez dans # secondes.",
          }),
  },
  ways: {
    or: "ou",
    usePasskey: "Se connecter avec une clé d’accès",
    provider: (name) => `Continuer avec ${name}`,
    unknown:
      "Cette clé d’accès n’est pas connue ici. Connectez-vous avec votre mot de passe et ajoutez-la de nouveau dans vos réglages.",
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
  password: {
    title: "Mot de passe",
    lead: "Le changer vous déconnecte partout ailleurs qu’ici.",
    current: "Mot de passe actuel",
    next: "Nouveau mot de passe",
    change: "Changer le mot de passe",
    changing: "Changement…",
    changed: "Le mot de passe est changé. Vous êtes déconnecté partout ailleurs.",
    same: "Le nouveau mot de passe est celui que vous avez. Choisissez-en un autre.",
    wrong:
      "Ce n’est pas votre mot de passe ici. Si vous n’en avez jamais eu, demandez à un admin un lien pour en choisir un.",
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
