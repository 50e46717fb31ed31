import type { templates as English } from "../en/templates.ts"

export const templates: typeof English = {
  /** The picker of templates, kept answers and signatures. */
  templates: {
    title: (channel) => `Modèles pour ${channel}`,
    search: "Chercher un nom ou un texte",
    groups: "Sortes de modèles",
    group: {
      ready: "Prêts",
      waiting: "En attente",
      refused: "Refusés",
      saved: "Réponses gardées",
      signature: "Signatures de mail",
    },
    reason: {
      waiting: "Inutilisable tant que le fournisseur ne l’a pas approuvé",
      refused: "Le fournisseur l’a refusé ou désactivé",
    },
    failed: "Les modèles n’ont pas pu être chargés",
    none: "Rien ne correspond",
    noneAtAll:
      "Il n’y a encore rien ici. Le serveur d’un canal apporte ses modèles par PUT /channels/{channel_id}/application_message_templates ; les réponses se gardent par POST /message_templates.",
    choose: "Choisissez-en un dans la liste.",
    insert: "Insérer",
    send: "Envoyer",
    needs: (name) => `Il manque « ${name} »`,
    preview: "Aperçu",
    unmapped: (uid) =>
      `Rien ne dit ce que {{${uid}}} signifie dans ce texte : le constructeur du canal doit le déclarer. Envoi impossible.`,
    unknownType: (type) => `D’une sorte inconnue ici (${type}) : votre saisie part telle quelle`,
    fromContact: "Du contact",
    address: {
      file: "Adresse du fichier, commençant par https://",
      image: "Adresse de l’image, commençant par https://",
      video: "Adresse de la vidéo, commençant par https://",
    },
  },
}
