import type { notices as English } from "../en/notices.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const notices: typeof English = {
  notices: {
    label: (count) =>
      plural(count, {
        zero: "الإشعارات",
        one: "الإشعارات: واحد جديد",
        two: "الإشعارات: اثنان جديدان",
        few: "الإشعارات: # جديدة",
        many: "الإشعارات: # جديدًا",
        other: "الإشعارات: # جديد",
      }),
    title: "الإشعارات",
    none: "لا جديد. ما يخصك وأنت في مكان آخر يُجمع هنا.",
    openAll: "اعتبار الكل مقروءًا",
    settings: "اختر ما تُبلَّغ به",
    new: "جديد",
    kinds: {
      message: "رسالة جديدة",
      mention: "ذُكر اسمك",
      assigned: "أُسندت إليك",
      note: "ملاحظة جديدة",
      failed: "لم يصل ردك",
      offline: "القناة غير متصلة",
    },
    sentence: (what, who) => (who === "" ? what : `${what}: ${who}`),
    levels: {
      label: (inbox) => `ما تُبلَّغ به في ${inbox}`,
      all: "كل شيء",
      mine: "ما يخصني وغير المسند",
      mentions: "الإشارات فقط",
      none: "لا شيء",
    },
    sound: {
      label: "الصوت",
      off: "مغلق",
      background: "وأنا في مكان آخر",
      always: "دائمًا",
      test: "تجربة",
      played: "يُفترض أنك سمعت نغمتين.",
      silent: "لا يسمح هذا المتصفح بأي صوت. تحقق من صوت التبويب والجهاز.",
    },
    quiet: {
      label: "ساعات الهدوء",
      hint: "لا صوت ولا إشعار من المتصفح، ويبقى كل شيء مجموعًا هنا.",
      from: "من",
      to: "حتى",
    },
    browser: {
      label: "إشعارات المتصفح",
      text: "يستطيع متصفحك أن يعرض تنبيهًا حين يكون Causeway خلف نوافذ أخرى: من كتب وأولى كلماته. وسيسألك مرة واحدة.",
      enable: "تفعيل",
      disable: "إيقاف",
      on: "مفعّلة على هذا الجهاز.",
      denied: "متصفحك يحجبها لهذا العنوان. اسمح بها في إعدادات الموقع ثم عُد.",
      unsupported: "لا إشعارات في هذا المتصفح.",
    },
    saved: "حُفظت اختياراتك",
    failed: "تعذّر تحميل اختياراتك.",
  },
}
