import type { prove as english } from "../en/prove.ts"

export const prove: typeof english = {
  prove: {
    title: "هل ما زلت أنت؟",
    text: "قد يسمح هذا بدخول آخرين، لذلك تُطلب كلمة مرورك من جديد. ولن تُطلب خلال الدقائق العشر القادمة.",
    password: "كلمة المرور",
    missing: "كلمة المرور ناقصة",
    wrong: "هذه ليست كلمة مرورك.",
    limited: (seconds) =>
      seconds === null
        ? "محاولات كثيرة جدًا. انتظر دقيقة ثم أعد المحاولة."
        : `محاولات كثيرة جدًا. أعد المحاولة بعد ${seconds} ثانية.`,
    unreachable: "تعذّر الوصول إلى الخادم. أعد المحاولة بعد لحظة.",
    leave: "إلغاء",
    confirm: "متابعة",
    confirming: "لحظة من فضلك…",
    usePasskey: "استخدام مفتاح مرور",
    noPasskey: "لم يُستخدم أي مفتاح مرور لك. أعد المحاولة أو اكتب كلمة مرورك.",
  },
}
