import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { lazy, StrictMode, Suspense } from "react"
import { createRoot } from "react-dom/client"
import { ApiError } from "./api.ts"
import { reloadWhenPartsAreGone, startWorker } from "./offline/worker.ts"
import { createInboxRouter } from "./router.tsx"
import { applySettings } from "./settings/apply.ts"
import "./styles/tokens.css"
import "./styles/base.css"

applySettings()
reloadWhenPartsAreGone()
void startWorker()

// The live stream keeps what is shown up to date: nothing is fetched again because a window got the focus.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (failures, error) => error instanceof ApiError && error.isTemporary && failures < 3,
      retryDelay: (failures) => Math.min(8_000, 400 * 2 ** failures),
      networkMode: "always",
    },
  },
})

const root = document.getElementById("root")
if (root === null) throw new Error("index.html has no #root")
// Whoever comes by an invitation has no session, and needs none of the inbox.
const Welcome = lazy(() => import("./screens/Welcome/Welcome.tsx"))
createRoot(root).render(
  <StrictMode>
    {window.location.pathname === "/app/welcome" ? (
      <Suspense>
        <Welcome />
      </Suspense>
    ) : (
      <QueryClientProvider client={queries}>
        <RouterProvider router={createInboxRouter()} />
      </QueryClientProvider>
    )}
  </StrictMode>,
)
