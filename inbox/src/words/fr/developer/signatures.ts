import type { signatures as English } from "../../en/developer/signatures.ts"

export const signatures: typeof English = {
  lead: "Découvrez pourquoi une signature ne vaut pas. Les secrets restent sur le serveur.",
  from: "Ce qui a été signé",
  delivery: "Une livraison",
  pasted: "Collé",
  deliveryId: "Identifiant de la livraison",
  app: "Type de canal",
  timestamp: "X-Front-Request-Timestamp",
  body: "Corps, octet pour octet",
  header: "X-Front-Signature, ou ce que votre serveur a calculé",
  computed: "Ce que votre serveur a calculé (sinon l’en-tête)",
  inspect: "Comparer",
  equal: "Égal : la signature vaut",
  different: "Différent",
  expected: "Attendu (HMAC-SHA256, base64)",
  base: "Texte signé",
  bytes: (count) => `${count} octets`,
  skew: (time) => `à ${time} de maintenant`,
  fix: "Remède",
  mistakes: {
    re_serialised: [
      "C’est l’empreinte du corps réécrit : le lire puis l’écrire a changé les octets.",
      "Lisez le corps brut avant l’analyseur JSON.",
    ],
    trailing_newline: [
      "Un retour à la ligne s’est ajouté à la fin du corps.",
      "Signez les octets tels qu’ils sont venus.",
    ],
    without_newline: ["Le retour à la ligne de la fin du corps manque.", "Signez les octets tels qu’ils sont venus."],
    hex: ["C’est la bonne empreinte, écrite en hexadécimal.", "Écrivez-la en base64."],
    base64url: ["C’est la bonne empreinte, écrite en base64url.", "Prenez le base64 ordinaire, avec + et /."],
    unpadded: ["C’est la bonne empreinte sans = à la fin.", "Gardez le remplissage."],
    seconds: ["L’horodatage a été pris en secondes.", "Prenez le texte de l’en-tête tel quel : des millisecondes."],
    missing_colon: ["Le deux-points entre l’horodatage et le corps manque.", "Signez horodatage, deux-points, corps."],
    body_only: ["Seul le corps a été signé.", "Signez horodatage, deux-points, corps."],
    old_secret: [
      "Elle vient du secret d’avant le dernier renouvellement.",
      "Prenez le nouveau secret, ou les deux tant qu’ils se recouvrent.",
    ],
    new_secret: [
      "Elle vient du nouveau secret ; les webhooks portent encore la signature de l’ancien.",
      "Vérifiez avec les deux, puis basculez.",
    ],
    trimmed_secret: [
      "Le secret finit par un retour à la ligne.",
      "Rognez ce que vous lisez du fichier ou de l’environnement.",
    ],
    sha1: ["C’est une empreinte SHA-1.", "Prenez SHA-256."],
    latin1: ["Le corps a été lu comme du Latin-1.", "Lisez-le comme de l’UTF-8, ou signez les octets."],
    escaped_unicode: ["Les lettres hors ASCII ont été écrites en \\u.", "Signez les octets tels qu’ils sont venus."],
    stale: [
      "Elle vaut, mais elle a plus de cinq minutes.",
      "Réglez l’horloge de votre serveur, ou cherchez un retard en chemin.",
    ],
    missing: ["Il n’y a pas de signature.", "Lisez l’en-tête X-Front-Signature."],
    unknown: [
      "Ce n’est aucune des erreurs habituelles.",
      "Est-ce le secret de ce type de canal, et le corps de cette livraison ?",
    ],
  },
}
