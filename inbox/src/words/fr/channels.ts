import type { channels as English } from "../en/channels.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const channels: typeof English = {
  alerts: {
    webhookPaused: (host, reason) => `Le webhook vers ${host} est en pause : ${reason}`,
    toWebhooks: "Le regarder",
    seen: "C’est noté",
    label: "Alertes des canaux",
    offline: (name) => `${name} est hors ligne`,
    several: (count) => plural(count, { one: "# canal est hors ligne", other: "# canaux sont hors ligne" }),
    since: (time) => `Depuis ${time}`,
    waiting: (count) => plural(count, { one: "# réponse attend.", other: "# réponses attendent." }),
    noneWaiting: "Les nouvelles réponses attendent qu’il soit reconnecté.",
    admin: "Ouvrez ses réglages et reconnectez-le.",
    settings: "Voir les réglages",
    teammate: "Demandez à un administrateur de le reconnecter.",
    remind: "Me le rappeler dans 1 heure",
    back: (name, count) =>
      `${name} est reconnecté. ${plural(count, {
        one: "# réponse a attendu trop longtemps pour partir d’elle-même.",
        other: "# réponses ont attendu trop longtemps pour partir d’elles-mêmes.",
      })}`,
    sendWaiting: (count) =>
      plural(count, { one: "Envoyer # réponse en attente", other: "Envoyer # réponses en attente" }),
    sentence: (names) => `Hors ligne : ${names}. Les réponses attendent que le canal soit reconnecté.`,
  },
}
