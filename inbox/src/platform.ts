export const isApple = /mac|iphone|ipad/i.test(navigator.platform)

/** What the modifier key is called on this keyboard. */
export const modName = isApple ? "⌘" : "Ctrl"

/** Whether the platform's modifier (⌘ on Apple's, Ctrl elsewhere) is down. */
export const hasMod = (event: { ctrlKey: boolean; metaKey: boolean }): boolean =>
  isApple ? event.metaKey : event.ctrlKey
