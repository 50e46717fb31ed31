import type { notices as English } from "../en/notices.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const notices: typeof English = {
  notices: {
    label: (count) => (count === 0 ? "Avis" : plural(count, { one: "Avis : # nouveau", other: "Avis : # nouveaux" })),
    title: "Avis",
    none: "Rien de neuf. Ce qui vous concerne pendant que vous regardez ailleurs se retrouve ici.",
    openAll: "Tout marquer comme vu",
    settings: "Choisir ce dont vous êtes averti",
    new: "Nouveau",
    kinds: {
      message: "Nouveau message",
      mention: "On vous a mentionné",
      assigned: "Attribuée à vous",
      note: "Nouvelle note",
      failed: "Votre réponse n’est pas arrivée",
      offline: "Canal hors ligne",
    },
    sentence: (what, who) => (who === "" ? what : `${what} : ${who}`),
    levels: {
      label: (inbox) => `Averti dans ${inbox}`,
      all: "De tout",
      mine: "Les miennes et non attribuées",
      mentions: "Mentions seulement",
      none: "De rien",
    },
    sound: {
      label: "Son",
      off: "Coupé",
      background: "Quand je regarde ailleurs",
      always: "Toujours",
      test: "Essayer",
      played: "Vous devriez avoir entendu deux notes.",
      silent: "Ce navigateur ne laisse passer aucun son. Vérifiez le volume de l’onglet et de l’ordinateur.",
    },
    quiet: {
      label: "Heures calmes",
      hint: "Ni son ni notification du navigateur ; tout reste rassemblé ici.",
      from: "De",
      to: "À",
    },
    browser: {
      label: "Notifications du navigateur",
      text: "Votre navigateur peut afficher un avis quand Causeway est derrière d’autres fenêtres : qui a écrit, et ses premiers mots. Il vous le demandera une fois.",
      enable: "Activer",
      disable: "Désactiver",
      on: "Actives sur cet appareil.",
      denied: "Votre navigateur les bloque pour cette adresse. Autorisez-les dans ses réglages du site, puis revenez.",
      unsupported: "Ce navigateur n’en a pas.",
    },
    saved: "Choix enregistrés",
    failed: "Vos choix n’ont pas pu être chargés.",
  },
}
