import type { commands as English } from "../en/commands.ts"

export const commands: typeof English = {
  commands: {
    next: "المحادثة التالية",
    previous: "المحادثة السابقة",
    open: "فتح المحادثة",
    reply: "كتابة رد",
    archive: "أرشفة أو إعادة فتح",
    assignToMe: "إسناد إليّ",
    retry: "إعادة محاولة آخر رد فاشل",
    undo: "التراجع عن آخر إجراء",
    leave: "العودة إلى القائمة",
    keys: "عرض المفاتيح",
    palette: "البحث عن أمر",
    nextRegion: "الجزء التالي من الشاشة",
    previousRegion: "الجزء السابق من الشاشة",
    goOpen: "الذهاب إلى المفتوحة",
    goMine: "الذهاب إلى محادثاتي",
    goUnassigned: "الذهاب إلى غير المُسندة",
    goFailed: "الذهاب إلى الفاشلة",
    goArchived: "الذهاب إلى المؤرشفة",
    goSettings: "الذهاب إلى إعداداتك",
    signOut: "تسجيل الخروج",
    send: "إرسال (أثناء الكتابة)",
    leaveComposer: "مغادرة خانة الرد؛ تبقى المسودة",
  },
}
