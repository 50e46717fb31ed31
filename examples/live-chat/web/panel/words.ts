/** Every sentence of the panel, in each language. */
export interface Words {
  title: string
  close: string
  isOpen: string
  /** `when` is a weekday and a time. */
  opensAt(when: string): string
  closed: string
  hello: string
  placeholder: string
  label: string
  send: string
  attach: string
  attachOffline: string
  earlier: string
  log: string
  you: string
  team: string
  waiting: string
  sending: string
  sent: string
  refused: string
  retry: string
  remove: string
  removeFile(name: string): string
  uploading(name: string): string
  fileTooBig(name: string): string
  fileFailed(name: string): string
  tooManyFiles: string
  tooLong: string
  offline: string
  reconnecting: string
  typing(name: string): string
}

const en: Words = {
  title: "Chat with us",
  close: "Close chat",
  isOpen: "We usually answer within minutes",
  opensAt: (when) => `We are away and back on ${when}`,
  closed: "We are away. Leave us a message",
  hello: "Hello! Write to us, and somebody will answer here.",
  placeholder: "Write a message…",
  label: "Message",
  send: "Send",
  attach: "Attach a file",
  attachOffline: "Files can be attached when you are back online",
  earlier: "Show earlier messages",
  log: "Conversation",
  you: "You",
  team: "Team",
  waiting: "Waiting to be sent",
  sending: "Sending…",
  sent: "Sent",
  refused: "Not sent",
  retry: "Try again",
  remove: "Remove",
  removeFile: (name) => `Remove ${name}`,
  uploading: (name) => `Uploading ${name}…`,
  fileTooBig: (name) => `${name} is larger than 10 MB`,
  fileFailed: (name) => `${name} could not be uploaded`,
  tooManyFiles: "Two files can go with one message",
  tooLong: "A message has at most 4,000 characters",
  offline: "You are offline. What you write is kept and sent when you are back.",
  reconnecting: "Connecting again… What you write is kept and will be sent.",
  typing: (name) => `${name} is typing…`,
}

const fr: Words = {
  title: "Discutez avec nous",
  close: "Fermer la discussion",
  isOpen: "Nous répondons en général en quelques minutes",
  opensAt: (when) => `Nous sommes absents, de retour ${when}`,
  closed: "Nous sommes absents. Laissez-nous un message",
  hello: "Bonjour ! Écrivez-nous, quelqu’un vous répondra ici.",
  placeholder: "Écrivez un message…",
  label: "Message",
  send: "Envoyer",
  attach: "Joindre un fichier",
  attachOffline: "Vous pourrez joindre des fichiers une fois de nouveau en ligne",
  earlier: "Afficher les messages précédents",
  log: "Conversation",
  you: "Vous",
  team: "Équipe",
  waiting: "En attente d’envoi",
  sending: "Envoi…",
  sent: "Envoyé",
  refused: "Non envoyé",
  retry: "Réessayer",
  remove: "Supprimer",
  removeFile: (name) => `Retirer ${name}`,
  uploading: (name) => `Envoi de ${name}…`,
  fileTooBig: (name) => `${name} dépasse 10 Mo`,
  fileFailed: (name) => `${name} n’a pas pu être envoyé`,
  tooManyFiles: "Deux fichiers au plus par message",
  tooLong: "Un message compte au plus 4 000 caractères",
  offline: "Vous êtes hors ligne. Ce que vous écrivez est gardé et envoyé à votre retour.",
  reconnecting: "Reconnexion… Ce que vous écrivez est gardé et sera envoyé.",
  typing: (name) => `${name} écrit…`,
}

const de: Words = {
  title: "Schreiben Sie uns",
  close: "Chat schließen",
  isOpen: "Wir antworten meist innerhalb von Minuten",
  opensAt: (when) => `Wir sind gerade nicht da, wieder ab ${when}`,
  closed: "Wir sind gerade nicht da. Hinterlassen Sie uns eine Nachricht",
  hello: "Guten Tag! Schreiben Sie uns, hier wird Ihnen geantwortet.",
  placeholder: "Nachricht schreiben …",
  label: "Nachricht",
  send: "Senden",
  attach: "Datei anhängen",
  attachOffline: "Dateien können Sie anhängen, sobald Sie wieder online sind",
  earlier: "Frühere Nachrichten zeigen",
  log: "Unterhaltung",
  you: "Sie",
  team: "Team",
  waiting: "Wartet auf das Senden",
  sending: "Wird gesendet …",
  sent: "Gesendet",
  refused: "Nicht gesendet",
  retry: "Erneut versuchen",
  remove: "Entfernen",
  removeFile: (name) => `${name} entfernen`,
  uploading: (name) => `${name} wird hochgeladen …`,
  fileTooBig: (name) => `${name} ist größer als 10 MB`,
  fileFailed: (name) => `${name} konnte nicht hochgeladen werden`,
  tooManyFiles: "Höchstens zwei Dateien je Nachricht",
  tooLong: "Eine Nachricht hat höchstens 4.000 Zeichen",
  offline: "Sie sind offline. Was Sie schreiben, wird aufbewahrt und später gesendet.",
  reconnecting: "Verbindung wird wiederhergestellt … Was Sie schreiben, wird gesendet.",
  typing: (name) => `${name} schreibt …`,
}

const ar: Words = {
  title: "تحدّث معنا",
  close: "إغلاق المحادثة",
  isOpen: "نجيب عادةً خلال دقائق",
  opensAt: (when) => `نحن غير متاحين الآن، ونعود ${when}`,
  closed: "نحن غير متاحين الآن. اترك لنا رسالة",
  hello: "مرحبًا! اكتب لنا وسيجيبك أحدنا هنا.",
  placeholder: "اكتب رسالة…",
  label: "الرسالة",
  send: "إرسال",
  attach: "إرفاق ملف",
  attachOffline: "يمكن إرفاق الملفات عند عودة الاتصال",
  earlier: "عرض الرسائل السابقة",
  log: "المحادثة",
  you: "أنت",
  team: "الفريق",
  waiting: "بانتظار الإرسال",
  sending: "جارٍ الإرسال…",
  sent: "أُرسلت",
  refused: "لم تُرسل",
  retry: "إعادة المحاولة",
  remove: "إزالة",
  removeFile: (name) => `إزالة ${name}`,
  uploading: (name) => `جارٍ رفع ${name}…`,
  fileTooBig: (name) => `${name} أكبر من 10 ميغابايت`,
  fileFailed: (name) => `تعذّر رفع ${name}`,
  tooManyFiles: "ملفان على الأكثر لكل رسالة",
  tooLong: "الرسالة 4000 حرف على الأكثر",
  offline: "أنت غير متصل. يُحفظ ما تكتبه ويُرسل عند عودتك.",
  reconnecting: "جارٍ إعادة الاتصال… يُحفظ ما تكتبه وسيُرسل.",
  typing: (name) => `${name} يكتب…`,
}

export const languages: Record<string, Words> = { en, fr, de, ar }
