import type { CDPSession } from "playwright-core"
import { commandIds, commands } from "../../src/keys/commands.ts"
import { whyReserved } from "../../src/keys/reserved.ts"
import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"

/** What each layout types, plain, with Shift and with AltGr. */
const layouts = {
  de: ["qwertzuiopüasdfghjklöäyxcvbnm,.-1234567890ß", 'QWERTZÜÖÄ;:_!"§$%&/()=?', "@€{[]}\\~|µ"],
  fr: ["azertyuiopqsdfghjklmùwxcvbn,;:!&é\"'(-è_çà)=", "AZERTYQSDFGHM%?./§1234567890", "~#{[|`\\^@]}€"],
  pl: ["qwertyuiopasdfghjklzxcvbnm,./", "QWERTYUIOP!@#$%^&*()<>?", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ€"],
  ar: ["ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ", "؟؛،÷×ـ", "١٢٣٤٥٦٧٨٩٠"],
} as const

/** CDP's bits for Ctrl and Alt, which is how AltGr arrives on Windows, and for Shift. */
const modifiers = [0, 8, 1 | 2] as const

async function type(client: CDPSession, text: string, level: 0 | 1 | 2): Promise<void> {
  for (const key of text) {
    const event = { key, modifiers: modifiers[level] }
    // AltGr's own key is down first: pages see it by getModifierState.
    await client.send("Input.dispatchKeyEvent", { type: "keyDown", text: key, unmodifiedText: key, ...event })
    await client.send("Input.dispatchKeyEvent", { type: "keyUp", ...event })
  }
}

export const goal: Goal = {
  id: "G13",
  goal: "no reserved or AltGr key, all remappable, typing on de fr pl ar does nothing else",
  run: () =>
    inBrowser(2, async ({ opened }) => {
      const bound = commandIds.flatMap((id) => (commands[id].isOwn ? [] : commands[id].keys))
      const reserved = bound.filter((keys) => !["writes", null].includes(whyReserved(keys)))
      const page = await opened()
      const client = await page.context().newCDPSession(page)
      const field = page.locator('[data-region="reply"] textarea').first()
      const address = page.url()
      const triggered: string[] = []
      let typed = 0
      for (const [name, levels] of Object.entries(layouts)) {
        for (const [level, text] of levels.entries()) {
          await field.fill(".")
          await field.press("End")
          await type(client, text, level as 0 | 1 | 2)
          typed += [...text].length
          const isWritten = level === 2 || (await field.inputValue()) === `.${text}`
          const isOpen = (await page.locator("dialog[open]").count()) > 0
          const isThere = await page.evaluate("document.activeElement?.tagName === 'TEXTAREA'")
          if (!isWritten || isOpen || !isThere || page.url() !== address) triggered.push(`${name} ${text}`)
        }
      }
      return {
        figure: `${bound.length} bindings, ${reserved.length} reserved; ${typed} keys typed, ${triggered.length} did something${triggered.length > 0 ? ` (${triggered[0]})` : ""}`,
        reached: reserved.length === 0 && triggered.length === 0,
      }
    }),
}
