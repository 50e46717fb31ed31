import type { channels as English } from "../en/channels.ts"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("de")

export const channels: typeof English = {
  alerts: {
    webhookPaused: (host, reason) => `Der Webhook an ${host} ist angehalten: ${reason}`,
    toWebhooks: "Ansehen",
    seen: "Zur Kenntnis genommen",
    label: "Hinweise zu Kanälen",
    offline: (name) => `${name} ist offline`,
    several: (count) => plural(count, { one: "# Kanal ist offline", other: "# Kanäle sind offline" }),
    since: (time) => `Seit ${time}`,
    waiting: (count) => plural(count, { one: "# Antwort wartet.", other: "# Antworten warten." }),
    noneWaiting: "Neue Antworten warten, bis er wieder verbunden ist.",
    admin: "Öffnen Sie seine Einstellungen und verbinden Sie ihn neu.",
    settings: "Einstellungen ansehen",
    teammate: "Bitten Sie die Administration, ihn wieder zu verbinden.",
    remind: "In 1 Stunde erinnern",
    back: (name, count) =>
      `${name} ist wieder verbunden. ${plural(count, {
        one: "# Antwort hat zu lange gewartet, um von selbst hinauszugehen.",
        other: "# Antworten haben zu lange gewartet, um von selbst hinauszugehen.",
      })}`,
    sendWaiting: (count) => plural(count, { one: "# wartende Antwort senden", other: "# wartende Antworten senden" }),
    sentence: (names) => `Offline: ${names}. Antworten warten, bis der Kanal wieder verbunden ist.`,
  },
}
