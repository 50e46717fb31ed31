import type { lists as English } from "../en/lists.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const lists: typeof English = {
  views: {
    label: "طرق العرض",
    names: {
      open: "المفتوحة",
      mine: "محادثاتي",
      unassigned: "غير المُسندة",
      failed: "الفاشلة",
      archived: "المؤرشفة",
    },
  },
  list: {
    label: "المحادثات",
    asOf: (time) => `حتى ${time}`,
    more: "تحميل محادثات أقدم",
    loadingMore: "جارٍ تحميل محادثات أقدم…",
    fresh: (count) =>
      plural(count, {
        one: "محادثة جديدة",
        two: "محادثتان جديدتان",
        few: "# محادثات جديدة",
        many: "# محادثة جديدة",
        other: "# محادثة جديدة",
      }),
    failed: (count) =>
      plural(count, { one: "فشل", two: "فشلت اثنتان", few: "فشلت #", many: "فشلت #", other: "فشلت #" }),
    draft: "مسودة",
    waiting: "تنتظر ردًا",
    you: "أنت: ",
    empty: {
      open: ["لا شيء مفتوح", "تظهر هنا الرسائل الجديدة من قنواتك تلقائيًا."],
      mine: ["لا شيء مُسند إليك", "افتح محادثة واختر «إسناد إليّ» فتظهر هنا."],
      unassigned: ["لا شيء ينتظر", "تظهر هنا المحادثات المفتوحة التي لم يتولّها أحد."],
      failed: ["سُلّم كل شيء", "تظهر هنا الردود التي لم تصل، مع السبب وزر إعادة المحاولة."],
      archived: ["لا شيء مؤرشف", "تأتي إلى هنا المحادثات المنتهية. أي رسالة جديدة تعيدها."],
    },
  },
  first: {
    title: "لا رسائل بعد",
    text: "اربط قناة، أو أرسل رسالة تجريبية عبر قناة مربوطة: تظهر هنا فورًا.",
    tokenTitle: "رمز API الخاص بك",
    tokenText: "يربط القنوات ولا يُعرض إلا الآن. احفظه حيث تحفظ كلمات المرور.",
    copy: "نسخ الرمز",
    copied: "نُسخ",
  },
}
