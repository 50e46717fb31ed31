import type { ConversationViewName } from "@causeway/contract/inbox"
import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router"
import { Gate } from "./screens/Gate.tsx"
import { InboxScreen } from "./screens/Inbox/Inbox.tsx"
import { viewNames } from "./store.ts"

const toOpen = (): never => {
  throw redirect({ to: "/inbox/$view", params: { view: "open" } })
}
const isView = (name: string): name is ConversationViewName => viewNames.some((view) => view === name)

/** The gate stands before every address: whoever is not signed in does so in place, and is where the address says afterwards. */
const root = createRootRoute({
  component: () => (
    <Gate>
      <Outlet />
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
  component: InboxScreen,
})
const conversation = createRoute({ getParentRoute: () => view, path: "/$conversationId" })

export const createInboxRouter = () =>
  createRouter({
    routeTree: root.addChildren([index, view.addChildren([conversation]), other]),
    basepath: "/app",
    trailingSlash: "never",
  })

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createInboxRouter>
  }
}
