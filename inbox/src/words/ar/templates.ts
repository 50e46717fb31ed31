import type { templates as English } from "../en/templates.ts"

export const templates: typeof English = {
  /** The picker of templates, kept answers and signatures. */
  templates: {
    title: (channel) => `قوالب ${channel}`,
    search: "ابحث في الاسم أو النص",
    groups: "أنواع القوالب",
    group: {
      ready: "جاهزة",
      waiting: "في الانتظار",
      refused: "مرفوضة",
      saved: "ردود محفوظة",
      signature: "تواقيع",
    },
    reason: {
      waiting: "لا يمكن استخدامه حتى يوافق عليه المزوّد",
      refused: "رفضه المزوّد أو أوقفه",
    },
    failed: "تعذّر تحميل القوالب",
    none: "لا شيء يطابق",
    noneAtAll:
      "لا شيء هنا بعد. يجلب خادم القناة قوالبه عبر PUT /channels/{channel_id}/application_message_templates، وتُحفظ الردود عبر POST /message_templates.",
    choose: "اختر واحدًا من القائمة.",
    insert: "إدراج",
    send: "إرسال",
    needs: (name) => `ينقص «${name}»`,
    preview: "معاينة",
    unmapped: (uid) => `لا شيء يوضح معنى {{${uid}}} في هذا النص: على باني القناة تعيينه. لا يمكن إرساله.`,
    unknownType: (type) => `من نوع غير معروف هنا (${type}): يُرسل ما تكتبه كما هو`,
    fromContact: "من جهة الاتصال",
    address: {
      file: "عنوان الملف، يبدأ بـ https://",
      image: "عنوان الصورة، يبدأ بـ https://",
      video: "عنوان الفيديو، يبدأ بـ https://",
    },
  },
}
