import type { shell as English } from "../../en/developer/shell.ts"

export const shell: typeof English = {
  label: "Entwicklerkonsole",
  back: "Posteingang",
  only: "Das sehen nur Entwickler",
  onlyText: "Bitten Sie einen Admin, Ihnen unter Teammitglieder das Entwickler-Kennzeichen zu geben.",
  sections: {
    types: "Kanaltypen",
    log: "Protokoll",
    trace: "Warum kam es nicht an?",
    signatures: "Signaturen",
    conformance: "Konformität",
    simulator: "Simulator",
  },
  cancel: "Abbrechen",
  save: "Speichern",
  close: "Schließen",
  open: "Öffnen",
}
