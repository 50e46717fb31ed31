import type { conformance as English } from "../../en/developer/conformance.ts"
import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("ar")

export const conformance: typeof English = {
  lead: "يلعب دور المنصة، والمعادية منها، أمام خادمك. يرسل رسائل حقيقية: استخدم نوعًا للتجربة.",
  app: "نوع القناة",
  url: "العنوان المفحوص",
  confirm: "يُسمح بإرسال رسائل إلى نوع له قنوات",
  run: "تشغيل الفحوص",
  running: (count) => plural(count, { one: "فحص واحد تم", two: "فحصان تمّا", few: "# فحوص تمت", other: "# فحصًا تم" }),
  summary: ({ pass, fail, warn, skipped }) => `نجح ${pass}، فشل ${fail}، تحذير ${warn}، تُرك ${skipped}`,
  ended: "انتهت الفحوص قبل أوانها",
  results: { pass: "نجح", fail: "فشل", warn: "تحذير", skipped: "تُرك" },
  only: "هذا وحده",
  fix: "العلاج",
  evidence: "الأدلة",
  export: "التقرير",
  formats: { html: "صفحة", junit: "ملف JUnit", json: "ملف JSON" },
  earlier: "مرات سابقة",
  empty: "لم يُشغّل بعد",
  emptyText: "اختر نوع قناة وشغّل الفحوص؛ يقول التقرير ما بقي.",
  groups: {
    AUTH: "التفويض",
    MSG: "الرسائل",
    AUTO: "الردود الآلية",
    IMP: "الإخطارات",
    DEL: "الحذف",
    SIG: "التواقيع",
    ERR: "الأخطاء",
    ORD: "الترتيب والنسخ",
    TIME: "التوقيت",
  },
}
