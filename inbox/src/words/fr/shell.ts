import type { shell as English } from "../en/shell.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const shell: typeof English = {
  panes: {
    list: "Taille de la liste",
  },
  skip: {
    label: "Liens d’évitement",
    list: "Aller à la liste",
    conversation: "Aller à la conversation",
    reply: "Aller à la réponse",
  },
  activity: {
    label: "Activité",
    live: "En direct",
    connecting: "Connexion…",
    reconnecting: (time) => (time === null ? "Reconnexion…" : `Reconnexion… dernière mise à jour à ${time}`),
    catchingUp: (changes) => plural(changes, { one: "Rattrapage (# changement)", other: "Rattrapage (# changements)" }),
    offline: (waiting) =>
      waiting === 0
        ? "Hors ligne"
        : plural(waiting, {
            one: "Hors ligne — # réponse attend sur cet appareil",
            other: "Hors ligne — # réponses attendent sur cet appareil",
          }),
    archived: (name) => `« ${name} » archivée`,
    reopened: (name) => `« ${name} » rouverte`,
    assigned: (name) => `« ${name} » vous est attribuée`,
    unassigned: (name) => `« ${name} » n’est plus attribuée`,
    undone: "Annulé. Le texte est revenu dans la zone de réponse.",
    cancelled: "Annulé : il n’y aura pas d’autre essai",
    hasLeft: "Le message a commencé à partir et ne peut plus être repris.",
    takingBack: "La réponse sera reprise dès que le serveur répondra.",
    retried: "Un nouvel essai est en file",
    sentWaiting: (count) => plural(count, { one: "# réponse est en route", other: "# réponses sont en route" }),
    merged: (name) => `Fusionnée dans la conversation avec ${name}`,
    hurried: "En file pour partir maintenant",
    undo: "Annuler",
    earlier: "Plus tôt",
    newVersion: "Une nouvelle version est prête.",
    loadIt: "La charger",
    takenBack: (text) => `Annulé : ${text}`,
    undoOf: (text) => `Annuler : ${text}`,
    failed: (what) => `Cela n’a pas marché. ${what}`,
  },
  account: {
    contacts: "Contacts",
    admin: "Administration",
    open: (name) => `Compte : ${name}`,
    signedInAs: "Session ouverte par",
    keys: "Touches du clavier",
    signOut: "Se déconnecter",
  },
  keys: {
    title: "Touches du clavier",
    note: "Les touches simples n’agissent que si vous n’êtes pas en train d’écrire.",
    noteOff: "Les lettres et signes simples sont désactivés dans vos réglages.",
    elsewhere: "Ailleurs",
    where: {
      anywhere: "Partout",
      list: "Dans la liste",
      conversation: "Dans la conversation",
      composer: "En écrivant une réponse",
      call: "Dans un appel",
      log: "Dans le journal des remises",
    },
  },
  palette: {
    label: "Chercher une commande",
    placeholder: "Que voulez-vous faire ?",
    none: "Aucune commande ne correspond.",
    found: (count) => plural(count, { one: "# commande", other: "# commandes" }),
  },
}
