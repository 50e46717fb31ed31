import type { search as English } from "../en/search.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const search: typeof English = {
  search: {
    placeholder: "كلمات أو أسماء أو channel: is: from: tag: …",
    narrow: "تضييق البحث",
    unknown: "لا يوجد",
    looking: "جارٍ البحث…",
    note: "ملاحظة:",
    begin: ["ابحث في كل شيء", "الرسائل والملاحظات وجهات الاتصال وما قيل في المكالمات. يكفي من الكلمة الأخيرة بدايتها."],
    none: ["لم يُعثر على شيء", "جرّب كلمات أقل أو غيرها."],
    partial: "لم يُبحث في كل شيء لأن ذلك كان سيطول. أضف كلمات أندر أو ضيّق البحث.",
    local: "لا يمكن الوصول إلى الخادم: هذا ما على هذا الجهاز فقط.",
    without: (filter) => `من دون ${filter}`,
    count: (count) =>
      plural(count, {
        zero: "لا نتائج",
        one: "نتيجة واحدة",
        two: "نتيجتان",
        few: "# نتائج",
        many: "# نتيجة",
        other: "# نتيجة",
      }),
    groups: {
      messages: "الرسائل والملاحظات",
      conversations: "المحادثات",
      contacts: "جهات الاتصال",
      calls: "المكالمات",
    },
    hints: {
      channel: "من قناة: channel:sms",
      is: "حالتها: is:open, unassigned, assigned, archived, snoozed, trashed, failed, unread, waiting",
      from: "من كتبها: from:+4366012345",
      assignee: "لمن أُسندت: assignee:me",
      tag: "بوسم: tag:urgent",
      inbox: "في صندوق: inbox:support",
      before: "قبل يوم: before:2026-01-31",
      after: "ابتداءً من يوم: after:2026-01-31",
    },
  },
}
