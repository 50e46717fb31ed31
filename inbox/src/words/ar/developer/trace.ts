import type { trace as English } from "../../en/developer/trace.ts"

export const trace: typeof English = {
  lead: "معرّف واحد والطريق كله: من نداء الواجهة عبر المحادثة إلى خادمك وما رآه الزميل.",
  label: "رسالة أو تسليم أو نداء أو معرّف خارجي",
  find: "تتبّع",
  nothing: "لا يُعرف شيء عن هذا المعرّف",
  nothingText: "هل هو لهذه الشركة، وما زال السجل يحفظه؟ النداء المرفوض بـ 401 لا يُحفظ: لا أحد يعرف لمن كان.",
  steps: {
    call: "نادى خادمك",
    kept: "حُفظت رسالة",
    threaded: "وُضعت في محادثة",
    seen: "ما يراه الزميل",
    delivery: "أخبرنا خادمك",
  },
  states: { ok: "سليم", waiting: "ينتظر", failed: "فشل", unknown: "مجهول" },
  external: (id) => `المعرّف الخارجي ${id}`,
  thread: (id) => `الخيط ${id}`,
  fresh: "خيط خاص بها",
  inbox: (name) => `في ${name}`,
  status: { open: "مفتوحة", archived: "مؤرشفة", deleted: "في المهملات", spam: "مزعجة" },
  replies: {
    held: "محجوزة للتراجع",
    queued: "في الطابور",
    sending: "تُرسل الآن",
    waiting: "تنتظر",
    sent: "أُرسلت",
    failed: "فشلت",
    unknown: "لا رد: ربما وصلت",
    undone: "سُحبت",
  },
  openConversation: "فتح المحادثة",
}
