import { useQuery, useQueryClient } from "@tanstack/react-query"
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react"
import { ApiError, api } from "../api.ts"
import { dispatch } from "../inbox-state.ts"
import { Late } from "../parts/Late.tsx"
import { Notice } from "../parts/Notice.tsx"
import { takePreferences } from "../settings/preferences.ts"
import { words } from "../words.ts"
import { startWorkspace, type Workspace, WorkspaceContext } from "../workspace.ts"

// Whoever is signed in needs neither.
const Setup = lazy(async () => ({ default: (await import("./Setup/Setup.tsx")).Setup }))
const SignIn = lazy(async () => ({ default: (await import("./SignIn/SignIn.tsx")).SignIn }))

const isSignedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401

/** Who may pass: nobody set up → set-up; nobody signed in → sign-in; else what the address names. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: ["session"], queryFn: api.session })
  const signedOut = isSignedOut(session.error)
  const setup = useQuery({ queryKey: ["setup"], queryFn: api.setup, enabled: signedOut })
  const queries = useQueryClient()
  const workspace = useWorkspaceOf(signedOut ? undefined : session.data)

  if (signedOut && setup.data) {
    return <Suspense>{setup.data.needed ? <Setup version={setup.data.version} /> : <SignIn />}</Suspense>
  }
  if (workspace !== null && !signedOut) return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>
  const error = signedOut ? setup.error : session.error
  if (error !== null) {
    return (
      <main>
        <Notice
          title={words.unreachable.title}
          text={words.unreachable.text}
          level={1}
          onRetry={() => void queries.resetQueries()}
        />
      </main>
    )
  }
  return (
    <main>
      <h1 className="said">{words.product}</h1>
      <Late>
        <output className="said">{words.loading}</output>
      </Late>
    </main>
  )
}

function useWorkspaceOf(session: Awaited<ReturnType<typeof api.session>> | undefined): Workspace | null {
  const queries = useQueryClient()
  const [workspace, setWorkspace] = useState<Workspace | null>(null)
  // The session is asked for again whenever the stream breaks: only another teammate or company makes another workspace.
  const identity = session ? `${session.company.id} ${session.teammate.id} ${session.teammate.role}` : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: see identity
  useEffect(() => {
    if (session === undefined) return
    dispatch({ type: "reset" })
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" && queryKey[0] !== "setup" })
    takePreferences(session.preferences)
    const started = startWorkspace(session, queries)
    setWorkspace(started)
    return () => {
      started.stop()
      setWorkspace(null)
    }
  }, [identity, queries])
  return workspace
}
