import type { channels as English } from "../en/channels.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const channels: typeof English = {
  alerts: {
    webhookPaused: (host, reason) => `خطاف الويب إلى ${host} متوقف: ${reason}`,
    toWebhooks: "إلقاء نظرة",
    seen: "علمت بذلك",
    label: "تنبيهات القنوات",
    offline: (name) => `${name} غير متصلة`,
    several: (count) =>
      plural(count, {
        one: "قناة واحدة غير متصلة",
        two: "قناتان غير متصلتين",
        few: "# قنوات غير متصلة",
        many: "# قناة غير متصلة",
        other: "# قناة غير متصلة",
      }),
    since: (time) => `منذ ${time}`,
    waiting: (count) =>
      plural(count, {
        zero: "لا ردود تنتظر.",
        one: "رد واحد ينتظر.",
        two: "ردّان ينتظران.",
        few: "# ردود تنتظر.",
        many: "# ردًا ينتظر.",
        other: "# رد ينتظر.",
      }),
    noneWaiting: "تنتظر الردود الجديدة حتى يُعاد ربطها.",
    admin: "افتح إعداداتها وأعد ربطها.",
    settings: "عرض الإعدادات",
    teammate: "اطلب من أحد المشرفين إعادة ربطها.",
    remind: "ذكّرني بعد ساعة",
    back: (name, count) =>
      `${name} متصلة من جديد. ${plural(count, {
        one: "انتظر رد واحد أطول من أن يُرسَل تلقائيًا.",
        two: "انتظر ردّان أطول من أن يُرسَلا تلقائيًا.",
        few: "انتظرت # ردود أطول من أن تُرسَل تلقائيًا.",
        many: "انتظر # ردًا أطول من أن يُرسَل تلقائيًا.",
        other: "انتظر # رد أطول من أن يُرسَل تلقائيًا.",
      })}`,
    sendWaiting: (count) =>
      plural(count, {
        one: "إرسال الرد المنتظر",
        two: "إرسال الردّين المنتظرين",
        few: "إرسال # ردود منتظرة",
        many: "إرسال # ردًا منتظرًا",
        other: "إرسال # رد منتظر",
      }),
    sentence: (names) => `غير متصلة: ${names}. تنتظر الردود حتى يُعاد ربط القناة.`,
  },
}
