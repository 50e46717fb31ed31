import type { reasons as English } from "../en/reasons.ts"

export const reasons: typeof English = {
  reasons: {
    bad_request: {
      heading: "رفضت القناة هذه الرسالة",
      explanation: "غالبًا بسبب طولها أو صيغتها أو نوع أحد المرفقات.",
    },
    authentication_required: {
      heading: "هذه القناة مسجَّلة الخروج",
      explanation: "لن يُرسَل شيء حتى يعيد أحد المشرفين ربطها.",
    },
    forbidden: {
      heading: "الإرسال غير مسموح هنا",
      explanation: "مثلًا: انتهت مهلة الرد، أو ألغى العميل اشتراكه.",
    },
    not_found: {
      heading: "القناة لا تعرف هذا المستلم",
      explanation: "لم يعد المعرّف أو سلسلة الرسائل موجودًا هناك.",
    },
    request_timeout: {
      heading: "لا جواب خلال 7 ثوانٍ",
      explanation: "ربما وصلت الرسالة مع ذلك. إعادة المحاولة ترسل معرّف الرسالة نفسه لكي تتعرّف عليه القناة.",
    },
    too_many_requests: {
      heading: "القناة تحدّ من سرعة إرسالنا",
      explanation: "طلبت توقفًا أطول مما تحتمله محادثة.",
    },
    internal_error: {
      heading: "حدث خطأ في القناة",
      explanation: "رسالتك سليمة.",
    },
    delivery_failed: {
      heading: "فشل التسليم لاحقًا",
      explanation: "استلمت القناة الرسالة ثم أبلغت بأنها لم تصل.",
    },
    invalid_answer: {
      heading: "أجابت القناة، لكن ليس كما هو متفق عليه",
      explanation: "يستطيع مطوّر القناة إصلاح ذلك.",
    },
    redirected: {
      heading: "أجابت القناة، لكن ليس كما هو متفق عليه",
      explanation: "عنوانها يقود إلى مكان آخر. يستطيع مطوّر القناة إصلاح ذلك.",
    },
    unreachable: {
      heading: "تعذّر الوصول إلى القناة",
      explanation: "لم تغادر الرسالة خادمنا.",
    },
    unknown: {
      heading: "لم تُسلَّم الرسالة",
      explanation: "لا يُعرف سبب.",
    },
  },
}
