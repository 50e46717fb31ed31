import type { header as English } from "../en/header.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const header: typeof English = {
  header: {
    showContact: "إظهار جهة الاتصال",
    hideContact: "إخفاء جهة الاتصال",
    discussion: "نقاش بين الزملاء",
    label: "إجراءات المحادثة",
    status: {
      open: "مفتوحة",
      deleted: "في المهملات",
      spam: "غير مرغوب فيها",
      snoozed: (until) => `مؤجلة حتى ${until}`,
    },
    assign: {
      label: "إسناد",
      to: (name) => `مسندة إلى ${name}`,
      nobody: "لا أحد",
      me: (name) => `${name} (أنت)`,
      search: "ابحث عن زميل أو فريق",
      none: "لا زميل بهذا الاسم.",
      away: "غائب",
      done: (name, assignee) => `أُسندت «${name}» إلى ${assignee}`,
    },
    tags: {
      label: "الوسوم",
      search: "ابحث عن وسم أو أضفه",
      none: "لا وسم بهذا الاسم.",
      create: (name) => `إنشاء «${name}»`,
      remove: (tag) => `إزالة الوسم ${tag}`,
      added: (tag, name) => `أُضيف الوسم ${tag} إلى «${name}»`,
      removed: (tag, name) => `أُزيل الوسم ${tag} من «${name}»`,
    },
    snooze: {
      label: "تأجيل",
      title: "العودة إليها لاحقًا",
      inAnHour: "بعد ساعة",
      laterToday: "في وقت لاحق اليوم",
      tomorrow: "غدًا",
      nextWeek: "الأسبوع القادم",
      choose: "اختر وقتًا",
      confirm: "تأكيد",
      end: "إنهاء التأجيل الآن",
      past: "اختر وقتًا لم يأتِ بعد.",
      done: (name, until) => `أُجّلت «${name}» حتى ${until}`,
      ended: (name) => `انتهى تأجيل «${name}»`,
    },
    follow: {
      failed: "تعذّر تحميل المتابعين",
      label: "المتابعون",
      search: "ابحث عن زميل",
      none: "لا زميل بهذا الاسم.",
      count: (count) =>
        plural(count, {
          zero: "لا أحد يتابع",
          one: "متابع واحد",
          two: "متابعان",
          few: "# متابعين",
          many: "# متابعًا",
          other: "# متابع",
        }),
      hint: "يُبلَّغ المتابعون بكل جديد هنا. ومن ذُكر في ملاحظة يصبح متابعًا.",
      added: (who, name) => `${who} يتابع «${name}»`,
      removed: (who, name) => `${who} لم يعد يتابع «${name}»`,
    },
    trash: {
      label: "نقل إلى المهملات",
      title: (name) => `هل تنقل المحادثة مع ${name} إلى المهملات؟`,
      text: "تختفي من كل القوائم، وتعود حين يكتب العميل من جديد أو حين تستعيدها.",
      confirm: "نقل إلى المهملات",
      cancel: "الإبقاء عليها",
      restore: "استعادة",
      done: (name) => `نُقلت «${name}» إلى المهملات`,
      restored: (name) => `استُعيدت «${name}»`,
    },
  },
  presence: {
    label: "الزملاء هنا",
    viewing: "يشاهد",
    away: "غائب",
    replying: "يرد",
    one: (name, state) => `${name}: ${state}`,
    started: (name) => `بدأ ${name} بالرد`,
  },
}
