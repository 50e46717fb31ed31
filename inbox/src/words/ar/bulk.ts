import type { bulk as English } from "../en/bulk.ts"
import { countingIn } from "../plural.ts"

const { count: plural, number } = countingIn("ar")

export const bulk: typeof English = {
  bulk: {
    label: "ما العمل بالمحدد",
    clear: "إلغاء التحديد",
    chosen: (count) =>
      plural(count, {
        zero: "لا شيء محدد",
        one: "واحدة محددة",
        two: "اثنتان محددتان",
        few: "# محددة",
        many: "# محددة",
        other: "# محددة",
      }),
    all: (count) =>
      plural(count, {
        one: "تحديد الواحدة",
        two: "تحديد الاثنتين",
        few: "تحديد الـ #",
        many: "تحديد الـ #",
        other: "تحديد الـ #",
      }),
    working: (done, of) => `جارٍ التغيير: ${number(done)} من ${number(of)}`,
    changed: (count) =>
      plural(count, {
        zero: "لم تتغير أي محادثة.",
        one: "تغيرت محادثة واحدة.",
        two: "تغيرت محادثتان.",
        few: "تغيرت # محادثات.",
        many: "تغيرت # محادثة.",
        other: "تغيرت # محادثة.",
      }),
    refused: {
      not_found: (count) =>
        plural(count, {
          one: "واحدة لم تعد موجودة.",
          two: "اثنتان لم تعودا موجودتين.",
          few: "# لم تعد موجودة.",
          many: "# لم تعد موجودة.",
          other: "# لم تعد موجودة.",
        }),
      merged: (count) =>
        plural(count, {
          one: "واحدة دُمجت في أخرى.",
          two: "اثنتان دُمجتا في غيرهما.",
          few: "# دُمجت في غيرها.",
          many: "# دُمجت في غيرها.",
          other: "# دُمجت في غيرها.",
        }),
      closed_to_assignee: (count) =>
        plural(count, {
          one: "واحدة في صندوق مغلق أمام المُسند إليه.",
          two: "اثنتان في صناديق مغلقة أمام المُسند إليه.",
          few: "# في صناديق مغلقة أمام المُسند إليه.",
          many: "# في صناديق مغلقة أمام المُسند إليه.",
          other: "# في صناديق مغلقة أمام المُسند إليه.",
        }),
    },
    trash: (count) =>
      plural(count, {
        one: "نقل محادثة واحدة إلى المهملات؟",
        two: "نقل محادثتين إلى المهملات؟",
        few: "نقل # محادثات إلى المهملات؟",
        many: "نقل # محادثة إلى المهملات؟",
        other: "نقل # محادثة إلى المهملات؟",
      }),
  },
}
