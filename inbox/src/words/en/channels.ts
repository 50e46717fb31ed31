export const channels = {
  alerts: {
    webhookPaused: (host: string, reason: string) => `The webhook to ${host} is paused: ${reason}`,
    toWebhooks: "Look at it",
    seen: "Noted",
    label: "Channel alerts",
    offline: (name: string) => `${name} is offline`,
    several: (count: number) => `${count} channels are offline`,
    since: (time: string) => `Since ${time}`,
    waiting: (count: number) => (count === 1 ? "1 reply is waiting." : `${count} replies are waiting.`),
    noneWaiting: "New replies wait until it is connected again.",
    admin: "Open its settings and connect it again.",
    settings: "View settings",
    teammate: "Ask an admin to connect it again.",
    remind: "Remind me in 1 hour",
    back: (name: string, count: number) =>
      count === 1
        ? `${name} is connected again. 1 reply waited too long to go out by itself.`
        : `${name} is connected again. ${count} replies waited too long to go out by themselves.`,
    sendWaiting: (count: number) => (count === 1 ? "Send 1 waiting reply" : `Send ${count} waiting replies`),
    sentence: (names: string) => `Offline: ${names}. Replies wait until the channel is connected again.`,
  },
}
