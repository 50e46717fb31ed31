import type { commands as English } from "../en/commands.ts"

export const commands: typeof English = {
  commands: {
    next: "Conversation suivante",
    previous: "Conversation précédente",
    open: "Ouvrir la conversation",
    reply: "Écrire une réponse",
    archive: "Archiver ou rouvrir",
    assignToMe: "Me l’attribuer",
    retry: "Réessayer la dernière réponse en échec",
    undo: "Annuler la dernière action",
    leave: "Retour à la liste",
    keys: "Montrer les touches",
    palette: "Chercher une commande",
    nextRegion: "Partie suivante de l’écran",
    previousRegion: "Partie précédente de l’écran",
    goOpen: "Aller aux ouvertes",
    goMine: "Aller aux miennes",
    goUnassigned: "Aller aux non attribuées",
    goFailed: "Aller aux échecs",
    goArchived: "Aller aux archivées",
    goSettings: "Aller à vos réglages",
    signOut: "Se déconnecter",
    send: "Envoyer (en écrivant)",
    leaveComposer: "Quitter la zone de réponse ; le brouillon reste",
  },
}
