import type { shell as English } from "../../en/developer/shell.ts"

export const shell: typeof English = {
  label: "لوحة المطورين",
  back: "صندوق الوارد",
  only: "هذا للمطورين فقط",
  onlyText: "اطلب من مسؤول أن يمنحك علامة المطور في صفحة الفريق.",
  sections: {
    types: "أنواع القنوات",
    log: "السجل",
    trace: "لماذا لم تصل؟",
    signatures: "التواقيع",
    conformance: "المطابقة",
    simulator: "المحاكي",
  },
  cancel: "إلغاء",
  save: "حفظ",
  close: "إغلاق",
  open: "فتح",
}
