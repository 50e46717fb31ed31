import { type Answers, is, refused } from "./answers.ts"
import type { GalleryState } from "./states.ts"

const signedOut: Answers = { "GET /causeway/session": refused(401, "Sign in first") }
const nobody: Answers = { ...signedOut, "GET /causeway/setup": is({ needed: true, version: "0.1.0" }) }
const submit = { on: "button[type=submit]" }
const credentials = [
  { on: "input[name=email]", text: "ana@example.test" },
  { on: "input[name=password]", text: "correct horse battery" },
]

/** Before anybody is in: signing in, setting up, and a server that does not answer. */
export const entryStates: GalleryState[] = [
  { name: "sign-in", path: "/", answers: signedOut },
  { name: "sign-in-empty", path: "/", answers: signedOut, steps: [submit] },
  {
    name: "sign-in-wrong",
    path: "/",
    answers: {
      ...signedOut,
      "POST /causeway/auth/sign-in/email": refused(401, "No account has this address and password"),
    },
    steps: [...credentials, submit],
  },
  {
    name: "sign-in-limited",
    path: "/",
    answers: {
      ...signedOut,
      "POST /causeway/auth/sign-in/email": refused(429, "Too many tries", { "retry-after": "42" }),
    },
    steps: [...credentials, submit],
  },
  {
    name: "sign-in-no-network",
    path: "/",
    answers: { ...signedOut, "POST /causeway/auth/sign-in/email": "no network" },
    steps: [...credentials, submit],
  },
  { name: "setup", path: "/", answers: nobody },
  { name: "setup-errors", path: "/", answers: nobody, steps: [submit] },
  { name: "gate-unreachable", path: "/", answers: { "GET /causeway/session": refused(403, "Not now") } },
]
