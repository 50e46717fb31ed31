import type * as english from "../../en/developer/log.ts"
import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("fr")

export const log: typeof english.log = {
  lead: (days) =>
    plural(days, {
      one: "Dans les deux sens, le plus récent d’abord, gardé # jour.",
      other: "Dans les deux sens, le plus récent d’abord, gardé # jours.",
    }),
  live: "En direct",
  pause: "Suspendre",
  go: "Reprendre",
  unseen: (count) => plural(count, { one: "# nouvelle entrée", other: "# nouvelles entrées" }),
  paused: "Suspendu",
  lost: "Pas de connexion. Cela reprendra de soi-même.",
  direction: "Sens",
  directions: { out: "Vers votre serveur", in: "De votre serveur" },
  type: "Genre",
  channel: "Canal",
  outcome: "Issue",
  outcomes: { ok: "Réussi", failed: "Échoué", unknown: "Inconnu", waiting: "En attente" },
  text: "Texte",
  any: "Tous",
  searched: "Le texte est cherché dans les 5 000 entrées les plus récentes.",
  empty: "Rien encore",
  emptyText: "Envoyez quelque chose depuis le simulateur, ou connectez un canal.",
  none: "Rien ne répond à ces filtres",
  clear: "Effacer les filtres",
  table: "Journal",
  columns: { time: "Heure", what: "Quoi", status: "Résultat", took: "Durée" },
  skipped: (count) =>
    plural(count, { one: "# semblable n’a pas été gardée", other: "# semblables n’ont pas été gardées" }),
  replayOf: "en répète une autre",
  keys: "Entrée ouvre une ligne ; ? montre les autres touches.",
  detail: "Entrée",
  tabs: { request: "Requête", response: "Réponse", timing: "Temps", attempts: "Essais", compare: "Comparer" },
  replay: "Rejouer",
  edit: "Modifier et rejouer",
  editTitle: "Envoyer un autre corps",
  editText: "Il est signé de nouveau et posté au même endroit. Le message lui-même reste ce qu’il est.",
  body: "Corps",
  send: "Envoyer",
  curl: "Copier en cURL",
  curlCopied: "Copié en cURL",
  fixture: "Enregistrer en fichier",
  inspect: "Signature",
  traced: "Pourquoi ?",
  noBody: "Aucun corps",
  noAnswer: "Aucune réponse n’est venue.",
  masked: "Les identifiants secrets sont masqués.",
  cut: "Seuls les 8 premiers Kio sont gardés.",
  limit: "Limite",
  phases: {
    dns: "Nom",
    connect: "Connexion",
    tls: "TLS",
    sent: "Envoyé",
    first_byte: "Premier octet",
    total: "En tout",
  },
  attempt: (number) => `Essai ${number}`,
  compareWith: "Comparer avec",
  choose: "Choisir une entrée",
  same: "Les deux sont identiques.",
  reason: "Cause",
  advice: {
    timeout:
      "Votre serveur a pris la connexion mais n’a pas répondu à temps. Répondez aussitôt avec les identifiants et livrez depuis une file.",
    connection_refused:
      "Personne n’écoute à cette adresse. Démarrez votre serveur, ou corrigez l’adresse des webhooks.",
    name_not_found: "Ce nom d’hôte n’existe pas. Corrigez l’adresse des webhooks.",
    authentication_required: "Votre serveur dit que le canal est déconnecté. Connectez-le de nouveau.",
    too_many_requests: "Votre serveur limite notre cadence. Nous attendons autant qu’il le dit.",
    internal_error: "Votre serveur a échoué. Son propre journal dit pourquoi.",
    bad_request: "Votre serveur a refusé ce message. Sa raison est ci-dessus.",
  },
}

export const again: typeof english.again = {
  title: "Rejouer les échecs",
  since: "Échoué pendant",
  spans: {
    quarter: "les 15 dernières minutes",
    hour: "la dernière heure",
    day: "les dernières 24 heures",
    week: "les 7 derniers jours",
  },
  unknown: "Aussi ce qui est peut-être arrivé : cela arriverait deux fois",
  noChannel: "Il n’y a pas encore de canal.",
  counting: "Comptage…",
  none: "Rien n’y a échoué.",
  plan: (count, channel, oldest) =>
    plural(count, {
      one: `# remise repart vers ${channel}. Elle date de ${oldest}.`,
      other: `# remises repartent vers ${channel}. La plus ancienne date de ${oldest}.`,
    }),
  run: "Renvoyer",
  stop: "Arrêter",
  progress: (done, of) => `${done} sur ${of} sont reparties`,
  over: (done, of) => `${done} sur ${of} sont reparties. Le journal montre ce qu’elles deviennent.`,
}

export const drawer: typeof english.drawer = {
  label: "Console de cette conversation",
  edge: "Hauteur de la console",
  taller: "Agrandir",
  usual: "Hauteur habituelle",
  open: "Console",
  failures: (count) => plural(count, { one: "# échec", other: "# échecs" }),
  ids: "Identifiants",
  asCall: "Copier en appel d’API",
  none: "Rien n’a encore été dit à un canal.",
}
