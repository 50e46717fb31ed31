import type { entry as English } from "../en/entry.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const entry: typeof English = {
  product: "Causeway",
  loading: "Chargement…",
  retry: "Réessayer",
  close: "Fermer",
  slow: "C’est plus long que d’habitude.",
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
    emailWrong: "L’adresse e-mail doit contenir un @, comme ana@example.com",
    codeWrong: "Ce n’est pas le code du terminal. Celui du dernier démarrage du serveur est le bon.",
  },
  unreachable: {
    title: "Le serveur ne répond pas",
    text: "Rien de ce que vous avez écrit n’est perdu ; ce que vous voyez n’est peut-être plus à jour. Nous réessayons de nous-mêmes.",
    status: (status) => `Le serveur a répondu ${status}`,
  },
  failedLoad: {
    list: "Cette liste n’a pas pu être chargée.",
    conversation: "Cette conversation n’a pas pu être chargée.",
    missing: "Il n’y a pas de conversation à cette adresse.",
    missingHint: "Elle a peut-être été fusionnée ou supprimée, ou le lien est tronqué.",
    back: "Retour à la liste",
  },
}
