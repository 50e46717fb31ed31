import type { settings as English } from "../en/settings.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("fr")

export const settings: typeof English = {
  settings: {
    title: "Vos réglages",
    back: "Retour à la boîte",
    onDevice: "Sur cet appareil",
    everywhere: "Sur tous vos appareils",
    look: "Apparence",
    theme: "Thème",
    themes: { system: "Comme le système", light: "Clair", dark: "Sombre", contrast: "Contraste élevé" },
    density: "Hauteur d’une ligne dans les listes",
    densities: {
      default: "Habituelle, deux lignes",
      compact: "Compacte, une ligne",
      comfortable: "Confortable, trois lignes",
    },
    layout: "Liste et conversation",
    layouts: { beside: "Côte à côte", above: "Liste au-dessus de la conversation" },
    language: "Langue et heure",
    languageLabel: "Langue",
    languageSystem: "Comme le navigateur",
    pseudo: "Langue d’essai (accents, plus longue)",
    reloads: "La page se recharge pour en changer.",
    hours: "Heure du jour",
    hoursChoices: { system: "Selon la langue", "12": "2 h 30 de l’après-midi", "24": "14 h 30" },
    keyboard: "Clavier",
    single: "Lettres et signes simples comme touches",
    singles: { on: "Actifs", leader: "Seulement après une autre touche", off: "Inactifs" },
    singleHint:
      "Ils n’agissent jamais pendant que vous écrivez. Inactifs, ils ne gênent pas la dictée ; les touches avec Ctrl ou ⌘ restent.",
    leader: "Cette autre touche",
    commands: "Touches de chaque commande",
    noKey: "Aucune touche",
    change: (command) => `Changer la touche de : ${command}`,
    changeShort: "Changer",
    press: "Appuyez sur les touches, ou sur Échap pour ne rien changer",
    removeKey: "Sans touche",
    usual: "Touche habituelle",
    allUsual: "Toutes les touches habituelles",
    taken: (command) => `Cette touche appartient à : ${command}`,
    reserved: {
      browser: "Le navigateur se réserve cette touche.",
      alt_gr: "Ctrl avec Alt écrit des caractères sur certains claviers.",
      writes: "Cette touche déplace le focus ou actionne ce qui l’a.",
    },
    sending: "Envoi",
    enterSends: "Entrée envoie la réponse",
    enterSendsHint: "Sinon, Ctrl ou ⌘ avec Entrée envoie, et Entrée va à la ligne.",
    undo: "Une réponse peut être annulée pendant au moins",
    undoChoice: (seconds) =>
      seconds === 0 ? "Selon le canal" : plural(seconds, { one: "# seconde", other: "# secondes" }),
    announcements: "Lu par les lecteurs d’écran",
    announcementsLabel: "Ce qui est lu de soi-même",
    announcementChoices: {
      all: "Tout ce qui se passe",
      important: "Ce qui concerne mon travail, et les problèmes",
      problems: "Seulement les problèmes",
    },
    device: "Données sur cet appareil",
    deviceText: "Les conversations les plus récentes sont gardées ici pour être lues sans réseau.",
    deviceNothing:
      "Rien n’est gardé ici : ce que vous écrivez sans l’envoyer disparaît avec cette page, sauf si un brouillon a été enregistré.",
    kept: (count, size) =>
      plural(count, { one: `# conversation gardée, ${size}`, other: `# conversations gardées, ${size}` }),
    keptNone: "Rien n’est gardé.",
    unsent: (count) =>
      plural(count, {
        one: "# brouillon ou réponse non envoyée reste ici.",
        other: "# brouillons et réponses non envoyées restent ici.",
      }),
    clear: "Supprimer la copie",
    cleared: "La copie est supprimée.",
    saved: "Enregistré",
  },
}
