import type { trace as English } from "../../en/developer/trace.ts"

export const trace: typeof English = {
  lead: "Un identifiant, tout le chemin : de l’appel de l’API à la conversation, à votre serveur et à ce que l’équipe a vu.",
  label: "Message, livraison, appel ou identifiant externe",
  find: "Suivre",
  nothing: "Rien n’est connu de cet identifiant",
  nothingText:
    "Est-il de cette entreprise, et encore gardé par le journal ? Un appel refusé par 401 n’est pas gardé : nul ne sait de qui il venait.",
  steps: {
    call: "Votre serveur a appelé",
    kept: "Gardé comme message",
    threaded: "Mis dans une conversation",
    seen: "Ce que voit l’équipe",
    delivery: "Nous l’avons dit à votre serveur",
  },
  states: { ok: "Réussi", waiting: "En attente", failed: "Échoué", unknown: "Inconnu" },
  external: (id) => `identifiant externe ${id}`,
  thread: (id) => `fil ${id}`,
  fresh: "un fil à lui",
  inbox: (name) => `dans ${name}`,
  status: { open: "ouverte", archived: "archivée", deleted: "à la corbeille", spam: "indésirable" },
  replies: {
    held: "retenu pour annulation",
    queued: "dans la file",
    sending: "en cours d’envoi",
    waiting: "en attente",
    sent: "envoyé",
    failed: "échoué",
    unknown: "sans réponse : il est peut-être arrivé",
    undone: "repris",
  },
  openConversation: "Ouvrir la conversation",
}
