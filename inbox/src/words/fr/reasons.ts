import type { reasons as English } from "../en/reasons.ts"

export const reasons: typeof English = {
  reasons: {
    bad_request: {
      heading: "Le canal a refusé ce message",
      explanation: "Le plus souvent à cause de sa longueur, de son format ou du type d’une pièce jointe.",
    },
    authentication_required: {
      heading: "Ce canal est déconnecté",
      explanation: "Rien ne part tant qu’un administrateur ne l’a pas reconnecté.",
    },
    forbidden: {
      heading: "Envoi non autorisé ici",
      explanation: "Par exemple, le délai de réponse est passé ou le client s’est désabonné.",
    },
    not_found: {
      heading: "Le canal ne connaît pas ce destinataire",
      explanation: "L’identifiant ou le fil n’y existe plus.",
    },
    request_timeout: {
      heading: "Pas de réponse en 7 secondes",
      explanation:
        "Le message est peut-être arrivé. Un nouvel essai envoie le même identifiant de message, que le canal peut reconnaître.",
    },
    too_many_requests: {
      heading: "Le canal limite notre rythme d’envoi",
      explanation: "Il a demandé une pause plus longue qu’une conversation ne peut attendre.",
    },
    internal_error: {
      heading: "Le canal a rencontré une erreur",
      explanation: "Votre message n’est pas en cause.",
    },
    delivery_failed: {
      heading: "La remise a échoué plus tard",
      explanation: "Le canal a pris le message, puis a signalé qu’il n’était pas arrivé.",
    },
    invalid_answer: {
      heading: "Le canal a répondu, mais pas comme convenu",
      explanation: "Un développeur du canal peut corriger cela.",
    },
    redirected: {
      heading: "Le canal a répondu, mais pas comme convenu",
      explanation: "Son adresse mène ailleurs. Un développeur du canal peut corriger cela.",
    },
    unreachable: {
      heading: "Canal injoignable",
      explanation: "Le message n’est pas parti de chez nous.",
    },
    unknown: {
      heading: "Le message n’a pas été remis",
      explanation: "Aucune raison n’est connue.",
    },
  },
}
