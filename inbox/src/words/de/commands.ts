import type { commands as English } from "../en/commands.ts"

export const commands: typeof English = {
  commands: {
    next: "Nächste Unterhaltung",
    previous: "Vorige Unterhaltung",
    open: "Unterhaltung öffnen",
    reply: "Antwort schreiben",
    archive: "Archivieren oder wieder öffnen",
    assignToMe: "Mir zuweisen",
    retry: "Letzte gescheiterte Antwort erneut versuchen",
    undo: "Letzte Aktion rückgängig machen",
    leave: "Zurück zur Liste",
    keys: "Tasten zeigen",
    palette: "Befehl suchen",
    nextRegion: "Nächster Teil des Bildschirms",
    previousRegion: "Voriger Teil des Bildschirms",
    goOpen: "Zu Offen gehen",
    goMine: "Zu Meine gehen",
    goUnassigned: "Zu Nicht zugewiesen gehen",
    goFailed: "Zu Gescheitert gehen",
    goArchived: "Zu Archiviert gehen",
    goSettings: "Zu Ihren Einstellungen gehen",
    signOut: "Abmelden",
    send: "Senden (beim Schreiben)",
    leaveComposer: "Antwortfeld verlassen; der Entwurf bleibt",
  },
}
