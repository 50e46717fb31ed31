import { admin as arAdmin } from "./ar/admin.ts"
import { connecting as arConnecting } from "./ar/connecting.ts"
import { ar as arFirst } from "./ar/index.ts"
import { later as arLater } from "./ar/later.ts"
import { settings as arSettings } from "./ar/settings.ts"
import { admin as deAdmin } from "./de/admin.ts"
import { connecting as deConnecting } from "./de/connecting.ts"
import { de as deFirst } from "./de/index.ts"
import { later as deLater } from "./de/later.ts"
import { settings as deSettings } from "./de/settings.ts"
import { admin as enAdmin } from "./en/admin.ts"
import { connecting as enConnecting } from "./en/connecting.ts"
import { en as enFirst } from "./en/index.ts"
import { later as enLater } from "./en/later.ts"
import { settings as enSettings } from "./en/settings.ts"
import { admin as frAdmin } from "./fr/admin.ts"
import { connecting as frConnecting } from "./fr/connecting.ts"
import { fr as frFirst } from "./fr/index.ts"
import { later as frLater } from "./fr/later.ts"
import { settings as frSettings } from "./fr/settings.ts"

/** Every sentence there is, by language: those of the first screen, of what comes later, of the settings and of the administration. */
export const everySentence = {
  en: { ...enFirst, ...enLater, ...enSettings, ...enAdmin, ...enConnecting },
  fr: { ...frFirst, ...frLater, ...frSettings, ...frAdmin, ...frConnecting },
  de: { ...deFirst, ...deLater, ...deSettings, ...deAdmin, ...deConnecting },
  ar: { ...arFirst, ...arLater, ...arSettings, ...arAdmin, ...arConnecting },
}
