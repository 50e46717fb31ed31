import type { shell as English } from "../../en/developer/shell.ts"

export const shell: typeof English = {
  label: "Console de développement",
  back: "Boîte de réception",
  only: "Réservé aux développeurs",
  onlyText: "Demandez à un administrateur de vous donner la marque « développeur » sous Équipe.",
  sections: {
    types: "Types de canal",
    log: "Journal",
    trace: "Pourquoi n’est-il pas arrivé ?",
    signatures: "Signatures",
    conformance: "Conformité",
    simulator: "Simulateur",
  },
  cancel: "Annuler",
  save: "Enregistrer",
  close: "Fermer",
  open: "Ouvrir",
}
