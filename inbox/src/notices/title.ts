/** Keeps the count before the title, whatever the screens call themselves. Returns what ends it. */
export function watchTitle(count: () => number): { refresh(): void; stop(): void } {
  const strip = (title: string): string => title.replace(/^\(\d+\) /, "")
  const refresh = (): void => {
    const wanted = count() > 0 ? `(${count()}) ${strip(document.title)}` : strip(document.title)
    if (document.title !== wanted) document.title = wanted
  }
  const observer = new MutationObserver(refresh)
  const title = document.querySelector("title")
  if (title !== null) observer.observe(title, { childList: true })
  return { refresh, stop: () => observer.disconnect() }
}

/** A dot on the icon of the tab and a number on the installed app's. */
export function showCount(count: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const href = count > 0 ? "/app/icon-dot.svg" : "/app/icon.svg"
  if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href)
  const badge = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.()
  badge?.catch(() => {}) // not installed as an app, or not allowed to
}
