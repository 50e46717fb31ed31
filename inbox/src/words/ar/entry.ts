import type { entry as English } from "../en/entry.ts"
import { countingIn } from "../plural.ts"

const { count: plural, number } = countingIn("ar")

export const entry: typeof English = {
  product: "Causeway",
  loading: "جارٍ التحميل…",
  retry: "إعادة المحاولة",
  close: "إغلاق",
  slow: "يستغرق هذا وقتًا أطول من المعتاد.",
  setup: {
    title: "إعداد Causeway",
    lead: "لا أحد لديه حساب هنا بعد. ستصبح أول مشرف.",
    code: "رمز الإعداد",
    codeHint: "يظهر في الطرفية التي تُشغّل Causeway، مثل K7Q-4XD.",
    name: "اسمك",
    email: "البريد الإلكتروني",
    password: "كلمة المرور",
    passwordHint: "12 حرفًا على الأقل. يمكن اللصق من مدير كلمات المرور.",
    company: "الشركة",
    companyHint: "يرى زملاؤك هذا الاسم.",
    submit: "إنشاء وفتح صندوق الوارد",
    submitting: "جارٍ الإنشاء…",
    version: (version) => `إصدار Causeway ‏${version}`,
  },
  signIn: {
    title: "تسجيل الدخول",
    email: "البريد الإلكتروني",
    password: "كلمة المرور",
    submit: "دخول",
    submitting: "جارٍ الدخول…",
    wrong: "البريد وكلمة المرور لا يطابقان أي حساب هنا.",
    limited: (seconds) =>
      seconds === null
        ? "محاولات كثيرة. انتظر دقيقة ثم حاول مجددًا."
        : plural(seconds, {
            zero: "محاولات كثيرة. حاول الآن مجددًا.",
            one: "محاولات كثيرة. حاول مجددًا بعد ثانية واحدة.",
            two: "محاولات كثيرة. حاول مجددًا بعد ثانيتين.",
            few: "محاولات كثيرة. حاول مجددًا بعد # ثوانٍ.",
            many: "محاولات كثيرة. حاول مجددًا بعد # ثانية.",
            other: "محاولات كثيرة. حاول مجددًا بعد # ثانية.",
          }),
  },
  form: {
    show: "إظهار",
    hide: "إخفاء",
    showPassword: "إظهار كلمة المرور",
    hidePassword: "إخفاء كلمة المرور",
    summary: (count) =>
      plural(count, {
        one: "أمر واحد يحتاج إلى مراجعة",
        two: "أمران يحتاجان إلى مراجعة",
        few: "# أمور تحتاج إلى مراجعة",
        many: "# أمرًا تحتاج إلى مراجعة",
        other: "# أمر تحتاج إلى مراجعة",
      }),
    required: (label) => `${label}: حقل مطلوب`,
    passwordShort: (count) => `في كلمة المرور ${number(count)} من 12 حرفًا على الأقل`,
    emailWrong: "يجب أن يحتوي البريد الإلكتروني على @، مثل ana@example.com",
    codeWrong: "ليس هذا هو الرمز الذي في الطرفية. الرمز الصالح هو رمز آخر تشغيل للخادم.",
  },
  unreachable: {
    title: "الخادم لا يجيب",
    text: "لم يضع شيء مما كتبته؛ وقد لا يكون ما تراه محدّثًا. نعيد المحاولة تلقائيًا.",
    status: (status) => `أجاب الخادم بـ ${status}`,
  },
  failedLoad: {
    list: "تعذّر تحميل هذه القائمة.",
    conversation: "تعذّر تحميل هذه المحادثة.",
    missing: "لا توجد محادثة في هذا العنوان.",
    missingHint: "ربما دُمجت أو حُذفت، أو أن الرابط مبتور.",
    back: "العودة إلى القائمة",
  },
}
