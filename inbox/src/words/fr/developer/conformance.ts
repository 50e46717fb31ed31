import type { conformance as English } from "../../en/developer/conformance.ts"
import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("fr")

export const conformance: typeof English = {
  lead: "Joue la plateforme, même hostile, contre votre serveur. De vrais messages partent : prenez un type jetable.",
  app: "Type de canal",
  url: "Adresse à vérifier",
  confirm: "Envoyer aussi à un type qui a des canaux",
  run: "Lancer les vérifications",
  running: (count) => plural(count, { one: "# vérification faite", other: "# vérifications faites" }),
  summary: ({ pass, fail, warn, skipped }) =>
    `${pass} réussies, ${fail} échouées, ${warn} avec avertissement, ${skipped} omises`,
  ended: "Les vérifications ont cessé trop tôt",
  results: { pass: "Réussie", fail: "Échouée", warn: "Avertissement", skipped: "Omise" },
  only: "Celle-ci seule",
  fix: "Remède",
  evidence: "Preuves",
  export: "Rapport",
  formats: { html: "Page", junit: "JUnit", json: "JSON" },
  earlier: "Essais précédents",
  empty: "Aucun essai encore",
  emptyText: "Choisissez un type de canal et lancez les vérifications ; le rapport dit ce qui reste à faire.",
  groups: {
    AUTH: "Autorisation",
    MSG: "Messages",
    AUTO: "Réponses automatiques",
    IMP: "Avis",
    DEL: "Suppression",
    SIG: "Signatures",
    ERR: "Erreurs",
    ORD: "Ordre et copies",
    TIME: "Temps",
  },
}
