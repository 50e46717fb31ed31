import type { composer as English } from "../en/composer.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("ar")

export const composer: typeof English = {
  sending: {
    saving: "جارٍ الإرسال إلى الخادم…",
    savingAgain: "لم يُرسَل بعد: الخادم لا يجيب. نواصل المحاولة.",
    takingBack: "يُسترجع حالما يجيب الخادم…",
    accepted: "استلمه الخادم",
    refused: "لم يقبل الخادم هذا الرد",
    edit: "تعديل وإعادة الإرسال",
    held: (seconds) =>
      plural(seconds, {
        zero: "يُرسَل الآن",
        one: "يُرسَل بعد ثانية",
        two: "يُرسَل بعد ثانيتين",
        few: "يُرسَل بعد # ثوانٍ",
        many: "يُرسَل بعد # ثانية",
        other: "يُرسَل بعد # ثانية",
      }),
    heldNow: "يُرسَل الآن",
    undo: "تراجع",
    queued: "في الطابور",
    sending: "جارٍ الإرسال",
    sent: "أُرسِل",
    waiting: "ينتظر",
    waitingUntil: (time) => `نحاول مجددًا في ${time}.`,
    channelOffline: "القناة غير متصلة",
    waitingForChannel: "يُرسَل عندما يُعاد ربط القناة؛ وبعد أكثر من 10 دقائق يجب أن يرسله أحدهم.",
    waitingForPerson: "كانت قناته غير متصلة لفترة: يُرسَل عندما يرسله أحدهم.",
    sendNow: "إرسال الآن",
    cancel: "إلغاء",
    failed: "فشل",
    unknown: "غير معروف",
    fromChannel: "من القناة",
    retry: "إعادة المحاولة",
    retrying: "نطلب محاولة أخرى…",
    copy: "نسخ النص",
    copied: "نُسخ",
  },
  composer: {
    label: (name, channel) => `الرد على ${name} عبر ${channel}`,
    form: "الرد",
    placeholder: "اكتب ردًا",
    send: "إرسال",
    queue: "وضع في الطابور حتى الاتصال",
    offline: (channel) => `${channel} غير متصلة. تنتظر الردود هنا حتى يُعاد ربطها.`,
    discussion: "يتحدث الزملاء هنا فيما بينهم: تعليقات فقط، بلا رسائل.",
    unsupported: (channel) => `تستقبل ${channel} الرسائل ولا تستطيع الرد. أجب هذا الشخص بطريقة أخرى.`,
    observer: "أنت مراقب: يمكنك قراءة هذه المحادثة دون الرد عليها.",
    enterSends: "Enter يرسل",
    hintMod: (mod) => `${mod}+Enter للإرسال`,
    hintEnter: "Shift+Enter لسطر جديد",
  },
}
