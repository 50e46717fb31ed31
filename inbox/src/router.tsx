import type { ConversationViewName } from "@causeway/contract/inbox"
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router"
import { lazy, Suspense, useEffect } from "react"
import { viewNames } from "./lists.ts"
import { type DeveloperSection, isDeveloperSection, readDeveloperSearch } from "./screens/Developer/sections.ts"
import { Gate } from "./screens/Gate.tsx"
import { InboxScreen } from "./screens/Inbox/Inbox.tsx"
import { readListSearch } from "./screens/List/useListQuery.ts"
import { Shell } from "./screens/Shell.tsx"

const Search = lazy(() => import("./screens/Search/Search.tsx"))
const Contacts = lazy(() => import("./screens/Contacts/Contacts.tsx"))
const Settings = lazy(() => import("./screens/Settings/Settings.tsx"))

const toOpen = (): never => {
  throw redirect({ to: "/inbox/$view", params: { view: "open" } })
}
const isView = (name: string): name is ConversationViewName => viewNames.some((view) => view === name)

/** The gate stands before every address: whoever is not signed in does so in place, and is where the address says afterwards. */
const root = createRootRoute({
  component: () => (
    <Gate>
      <Shell>
        <Outlet />
      </Shell>
    </Gate>
  ),
  notFoundComponent: () => null,
})

const index = createRoute({ getParentRoute: () => root, path: "/", beforeLoad: toOpen })
const other = createRoute({ getParentRoute: () => root, path: "$", beforeLoad: toOpen })
const view = createRoute({
  getParentRoute: () => root,
  path: "/inbox/$view",
  params: {
    parse: ({ view }): { view: ConversationViewName } => ({ view: isView(view) ? view : "open" }),
    stringify: ({ view }) => ({ view }),
  },
  validateSearch: readListSearch,
  component: InboxScreen,
})
const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  // A number is text here too.
  validateSearch: ({ q }: Record<string, unknown>): { q?: string } => (q === undefined ? {} : { q: String(q) }),
  component: () => (
    <Suspense>
      <Search />
    </Suspense>
  ),
})
/** What the contacts' screen shows. A number is text here too, so whoever reads it makes it text. */
export interface ContactsAddress {
  q?: string
  list?: string
  by?: "change"
  view?: "similar" | "receipts"
}
const contacts = createRoute({
  getParentRoute: () => root,
  path: "/contacts",
  validateSearch: (search: ContactsAddress) => search,
  component: () => (
    <Suspense>
      <Contacts />
    </Suspense>
  ),
})
const contact = createRoute({ getParentRoute: () => contacts, path: "/$contactId" })
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: () => (
    <Suspense>
      <Settings />
    </Suspense>
  ),
})
/**
 * An integration asks to be let in: the server's page does that, for whoever has passed the gate. The request comes packed (base64url), because a
 * router reads `state=007` as a number and writes it as 7.
 */
const authorize = createRoute({ getParentRoute: () => root, path: "/authorize/$search", component: ToConsent })
const conversation = createRoute({ getParentRoute: () => view, path: "/$conversationId" })

function ToConsent() {
  const { search } = authorize.useParams()
  useEffect(() => window.location.replace(`/oauth/authorize${fromBase64Url(search)}`), [search])
  return null
}

function fromBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  } catch {
    return ""
  }
}

const AdminScreen = lazy(() => import("./screens/Admin/Admin.tsx"))
const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin/$section",
  component: () => (
    <Suspense>
      <AdminScreen />
    </Suspense>
  ),
})

const adminItem = createRoute({ getParentRoute: () => admin, path: "/$itemId" })

const DeveloperScreen = lazy(() => import("./screens/Developer/Developer.tsx"))
const developer = createRoute({
  getParentRoute: () => root,
  path: "/developer/$section",
  params: {
    parse: ({ section }): { section: DeveloperSection } => ({
      section: isDeveloperSection(section) ? section : "types",
    }),
    stringify: ({ section }) => ({ section }),
  },
  validateSearch: readDeveloperSearch,
  component: () => (
    <Suspense>
      <DeveloperScreen />
    </Suspense>
  ),
})
const developerItem = createRoute({ getParentRoute: () => developer, path: "/$itemId" })

export const createInboxRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      index,
      view.addChildren([conversation]),
      search,
      contacts.addChildren([contact]),
      settings,
      authorize,
      admin.addChildren([adminItem]),
      developer.addChildren([developerItem]),
      other,
    ]),
    basepath: "/app",
    trailingSlash: "never",
  })

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createInboxRouter>
  }
}
