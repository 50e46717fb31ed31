import type { shell as English } from "../en/shell.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const shell: typeof English = {
  panes: {
    list: "حجم القائمة",
  },
  skip: {
    label: "روابط التخطي",
    list: "الانتقال إلى القائمة",
    conversation: "الانتقال إلى المحادثة",
    reply: "الانتقال إلى الرد",
  },
  activity: {
    label: "النشاط",
    live: "مباشر",
    connecting: "جارٍ الاتصال…",
    reconnecting: (time) => (time === null ? "جارٍ إعادة الاتصال…" : `جارٍ إعادة الاتصال… آخر تحديث ${time}`),
    catchingUp: (changes) =>
      plural(changes, {
        one: "جارٍ اللحاق (تغيير واحد)",
        two: "جارٍ اللحاق (تغييران)",
        few: "جارٍ اللحاق (# تغييرات)",
        many: "جارٍ اللحاق (# تغييرًا)",
        other: "جارٍ اللحاق (# تغيير)",
      }),
    offline: (waiting) =>
      plural(waiting, {
        zero: "غير متصل",
        one: "غير متصل — رد واحد ينتظر على هذا الجهاز",
        two: "غير متصل — ردّان ينتظران على هذا الجهاز",
        few: "غير متصل — # ردود تنتظر على هذا الجهاز",
        many: "غير متصل — # ردًا ينتظر على هذا الجهاز",
        other: "غير متصل — # رد ينتظر على هذا الجهاز",
      }),
    archived: (name) => `أُرشفت «${name}»`,
    reopened: (name) => `أُعيد فتح «${name}»`,
    assigned: (name) => `أُسندت «${name}» إليك`,
    unassigned: (name) => `أُلغي إسناد «${name}»`,
    undone: "تم التراجع. عاد النص إلى خانة الرد.",
    cancelled: "أُلغي: لن تُعاد المحاولة",
    hasLeft: "بدأت الرسالة في المغادرة ولا يمكن استرجاعها.",
    takingBack: "سيُسترجع الرد حالما يجيب الخادم.",
    retried: "محاولة أخرى في الطابور",
    sentWaiting: (count) =>
      plural(count, {
        one: "رد واحد في الطريق",
        two: "ردّان في الطريق",
        few: "# ردود في الطريق",
        many: "# ردًا في الطريق",
        other: "# رد في الطريق",
      }),
    merged: (name) => `دُمجت في المحادثة مع ${name}`,
    hurried: "في الطابور للإرسال الآن",
    undo: "تراجع",
    earlier: "الأقدم",
    newVersion: "إصدار جديد جاهز.",
    loadIt: "تحميله",
    takenBack: (text) => `تم التراجع: ${text}`,
    undoOf: (text) => `تراجع: ${text}`,
    failed: (what) => `لم ينجح ذلك. ${what}`,
  },
  account: {
    contacts: "جهات الاتصال",
    admin: "الإدارة",
    open: (name) => `الحساب: ${name}`,
    signedInAs: "مسجَّل الدخول باسم",
    keys: "مفاتيح لوحة المفاتيح",
    signOut: "تسجيل الخروج",
  },
  keys: {
    title: "مفاتيح لوحة المفاتيح",
    note: "لا تعمل المفاتيح المفردة إلا حين لا تكتب.",
    noteOff: "الحروف والعلامات المفردة معطّلة في إعداداتك.",
    elsewhere: "في أماكن أخرى",
    where: {
      anywhere: "في كل مكان",
      list: "في القائمة",
      conversation: "في المحادثة",
      composer: "أثناء كتابة رد",
      call: "في مكالمة",
      log: "في سجل التسليم",
    },
  },
  palette: {
    label: "البحث عن أمر",
    placeholder: "ماذا تريد أن تفعل؟",
    none: "لا أمر يطابق هذه الكلمات.",
    found: (count) =>
      plural(count, {
        one: "أمر واحد",
        two: "أمران",
        few: "# أوامر",
        many: "# أمرًا",
        other: "# أمر",
      }),
  },
}
